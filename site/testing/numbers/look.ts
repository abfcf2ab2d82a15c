/** Looks at the whole page, in every shadow root: what stands at given places, and which figures stand anywhere else. */
import type { Page } from "playwright-core";
import type { Place } from "./place.ts";

/** What was found on the page. */
export interface Look {
  /** What stands at each place, in the order of the places. */
  readonly found: readonly (readonly string[])[];
  /** Figures at none of the places: where, and what. */
  readonly unexplained: readonly string[];
}

/** Looks once. */
export function lookAt(page: Page, places: readonly Place[]): Promise<Look> {
  return page.evaluate(
    look,
    places.map(({ host, at, attribute }) => ({ host, at, attribute })),
  );
}

interface Asked {
  readonly host: string;
  readonly at: string;
  readonly attribute: string | undefined;
}

/** Runs in the page, and so refers to nothing outside of itself. */
function look(places: readonly Asked[]) {
  // What a reader sees or is read: texts, and these.
  const spoken = [
    "title",
    "aria-label",
    "aria-description",
    "aria-valuetext",
    "aria-valuenow",
    "aria-setsize",
    "aria-posinset",
    "datetime",
    "placeholder",
    "alt",
  ];
  const isFigure = (text: string) => /\p{N}/u.test(text);
  const squeezed = (text: string | null) => (text ?? "").replaceAll(/\s+/g, " ").trim();
  const roots = new Map<string, ParentNode[]>([["document", [document]]]);
  const unexplained: string[] = [];
  const explained = new Map<Element, Set<string>>();

  const gather = (root: ParentNode): void => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot === null) continue;
      roots.set(element.localName, [...(roots.get(element.localName) ?? []), element.shadowRoot]);
      gather(element.shadowRoot);
    }
  };
  gather(document);

  const found = places.map(({ host, at, attribute }) =>
    (roots.get(host) ?? []).flatMap((root) =>
      [...root.querySelectorAll(at)].map((element) => {
        explained.set(element, (explained.get(element) ?? new Set()).add(attribute ?? "text"));
        return squeezed(attribute === undefined ? element.textContent : element.getAttribute(attribute));
      }),
    ),
  );

  const isExplained = (element: Element | null): boolean =>
    element !== null && (explained.get(element)?.has("text") === true || isExplained(element.parentElement));
  const nameOf = (host: string, element: Element | null) =>
    `${host}: ${element?.parentElement?.localName ?? ""} > ${element?.localName ?? ""}${[...(element?.classList ?? [])].map((name) => `.${name}`).join("")}`;
  const visit = (host: string, node: Node): void => {
    if (node instanceof Text) {
      if (isFigure(node.data) && !isExplained(node.parentElement))
        unexplained.push(`${nameOf(host, node.parentElement)} says "${squeezed(node.data)}"`);
      return;
    }
    if (["STYLE", "SCRIPT"].includes(node.nodeName)) return;
    if (node instanceof Element)
      for (const name of spoken) {
        const value = node.getAttribute(name);
        if (value !== null && isFigure(value) && explained.get(node)?.has(name) !== true)
          unexplained.push(`${nameOf(host, node)}, its ${name}, says "${squeezed(value)}"`);
      }
    node.childNodes.forEach((child) => {
      visit(host, child);
    });
  };
  for (const [host, some] of roots) for (const root of some) visit(host, root);
  return { found, unexplained };
}

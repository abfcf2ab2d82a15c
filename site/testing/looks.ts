/** A page as everybody may see it: light and dark, on a desk and on a phone. */
import type { Page } from "playwright-core";
import { violationsOf } from "./axe.ts";

/** The windows that it is looked at in. */
export const SIZES = {
  desk: { width: 1440, height: 900 },
  phone: { width: 360, height: 740 },
} as const;
const LOOKS = (["light", "dark"] as const).flatMap((colorScheme) => [
  { name: `${colorScheme}, desk`, colorScheme, size: SIZES.desk },
  { name: `${colorScheme}, phone`, colorScheme, size: SIZES.phone },
]);

/** What is wrong with the page as it stands, in any look: what axe finds, and what makes it scroll sideways. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { name, colorScheme, size } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    await twoFrames(page);
    const found = [...(await violationsOf(page)), ...(await tooWide(page))];
    faults.push(...found.map((fault) => `${name}: ${fault}`));
  }
  await page.setViewportSize(SIZES.desk);
  return faults;
}

/** Until what follows from another size is on screen. */
function twoFrames(page: Page): Promise<unknown> {
  return page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/** What scrolls sideways: the page itself, or a dialog over it. */
function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const wide: string[] = [];
    const visit = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.matches("html, dialog[open]") && element.scrollWidth > element.clientWidth)
          wide.push(`${element.localName} is ${element.scrollWidth - element.clientWidth} px too wide`);
        if (element.shadowRoot !== null) visit(element.shadowRoot);
      }
    };
    visit(document);
    return wide;
  });
}

/** Compares the page with what a stranger computed, and says every difference by name. */
import type { Page } from "playwright-core";
import { lookAt } from "./look.ts";
import type { Place } from "./place.ts";

/** What is wrong with the page's figures at these places and at all others: empty where each is explained. */
export async function differencesOf(page: Page, places: readonly Place[]): Promise<string[]> {
  const { found, unexplained } = await lookAt(page, places);
  const wrong = places.flatMap(({ host, at, attribute, says }, index) => {
    const where = `${host} ${at}${attribute === undefined ? "" : ` (${attribute})`}`;
    const shown = found[index] ?? [];
    if (shown.length !== says.length)
      return [
        `${where}: ${shown.length} there, ${says.length} expected: ${quoted(shown)} and not ${quoted(says)}`,
      ];
    return says.flatMap((text, at) =>
      shown[at] === text ? [] : [`${where}: it says "${shown[at]}" and not "${text}"`],
    );
  });
  return [...wrong, ...unexplained.map((one) => `unexplained: ${one}`)];
}

function quoted(some: readonly string[]): string {
  return some.length === 0
    ? "nothing"
    : some
        .slice(0, 6)
        .map((one) => `"${one}"`)
        .join(", ");
}

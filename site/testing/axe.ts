import { join } from "node:path";
import type { Page } from "playwright-core";

const AXE = join(import.meta.dir, "../../node_modules/axe-core/axe.min.js");

/** What axe finds wrong by WCAG 2.2 AA, in words. The page's policy admits no foreign script, so it is evaluated from outside. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(await Bun.file(AXE).text());
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target.join(" ")).slice(0, 3).join(", ")))`,
  );
  return Array.isArray(found) ? found.map(String) : ["axe did not run"];
}

import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plain } from "./plain.ts";

describe("hostile text", () => {
  test.each([
    ["a\u202eb", "a\\u202eb"],
    ["\u2066x\u2069", "\\u2066x\\u2069"],
    [
      "nul\u0000, escape\u001b, delete\u007f, next line\u0085",
      "nul\\u0000, escape\\u001b, delete\\u007f, next line\\u0085",
    ],
    ["zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"],
    ["tag\u{e0041}", "tag\\u{e0041}"],
    ["line\u2028paragraph\u2029", "line\\u2028paragraph\\u2029"],
  ])("%j cannot hide or turn anything around", (text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  test("stays as it is where it is harmless, in any script", () => {
    const text = "שלום, 世界 é ℏ → ↗ <b>&amp;</b> 😀\n\ttwo lines";
    expect(plain(text)).toBe(text);
  });
});

test("no element draws text but through the template that makes it plain", () => {
  const folder = join(import.meta.dir, "../element");
  const direct = readdirSync(folder).filter((file) =>
    /import \{[^}]*\b(html|svg)\b[^}]*\} from "lit"/.test(readFileSync(join(folder, file), "utf8")),
  );
  expect(direct).toEqual(["html.ts"]);
});

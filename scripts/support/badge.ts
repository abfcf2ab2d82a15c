/** Width of a letter, roughly, in a 11 px sans-serif font. */
const LETTER = 6.6;
const PAD = 8;

/**
 * A badge as SVG: what was verified, and whether it holds. The text is ours, and
 * holds no character that XML would read.
 *
 * @param said such as `12,408 entries, 0 gaps`
 */
export function badgeSvg(said: string, ok: boolean): string {
  const label = "ledger verified";
  const left = Math.ceil(label.length * LETTER) + 2 * PAD;
  const right = Math.ceil(said.length * LETTER) + 2 * PAD;
  const width = left + right;
  const colour = ok ? "#1a7f37" : "#b42318";
  const text = (x: number, words: string) => `<text x="${x}" y="14">${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${label}: ${said}">`,
    `<title>${label}: ${said}</title>`,
    `<clipPath id="r"><rect width="${width}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#3f4650"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/></g>`,
    `<g fill="#fff" font-family="Verdana,Geneva,sans-serif" font-size="11">${text(PAD, label)}${text(left + PAD, said)}</g>`,
    "</svg>",
    "",
  ].join("\n");
}

/** Characters that nobody sees, or that change how others are seen: controls, directions, zero widths. Not line breaks and tabs. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text from anywhere as what it is: a character that could hide or turn around
 * what stands beside it is written as its number, `\u202e`.
 */
export function plain(text: string): string {
  return text.replaceAll(UNSEEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/**
 * Sets fields of a Markdown file's front matter and leaves every other byte as it
 * is: comments, order, line ends, byte order mark. A field that is not there
 * becomes the last one. Text without front matter is returned as it came.
 *
 * @param fields plain words, which YAML reads as themselves
 */
export function setFields(text: string, fields: Readonly<Record<string, string>>): string {
  const parts = split(text);
  if (parts === null) return text;
  const { open, end, block, close, rest } = parts;
  let lines = block;
  for (const [name, value] of Object.entries(fields)) {
    const field = new RegExp(`^${name}:[^\\r\\n]*`, "m");
    lines = field.test(lines) ? lines.replace(field, `${name}: ${value}`) : `${lines}${name}: ${value}${end}`;
  }
  return open + lines + close + rest;
}

/** A field's plain text in the front matter; null if it has none. */
export function plainField(text: string, name: string): string | null {
  const line = new RegExp(`^${name}:[ \\t]*([^\\r\\n]*)`, "m").exec(split(text)?.block ?? "");
  return line?.[1] === undefined
    ? null
    : line[1]
        .replace(/\s+#.*$/, "")
        .replace(/^(["'])(.*)\1$/, "$2")
        .trim();
}

function split(text: string) {
  const match = /^(\uFEFF?\s*---[ \t]*(\r?\n))([\s\S]*?)(^---[ \t]*(?:\r?\n|$))/m.exec(text);
  if (match === null || match.index !== 0) return null;
  const [whole, open = "", end = "\n", block = "", close = ""] = match;
  return { open, end, block, close, rest: text.slice(whole.length) };
}

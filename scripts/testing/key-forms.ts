/** Finds private keys in text, in every form in which one could come there by accident. */

/** What a key of ED25519 looks like before its 32 bytes, in DER (RFC 8410) and in hex. */
const DER_PREFIX = "302e020100300506032b657004220420";

/** A private key in every form that software writes keys in. */
export function formsOf(hex: string): readonly string[] {
  const raw = Uint8Array.fromHex(hex);
  const der = Uint8Array.fromHex(DER_PREFIX + hex);
  return [
    // DER in hex ends in these, too.
    hex,
    hex.toUpperCase(),
    ...[raw, der].flatMap((bytes) => [
      bytes.toBase64({ omitPadding: true }),
      bytes.toBase64({ alphabet: "base64url", omitPadding: true }),
    ]),
    [...raw].join(","),
    [...raw].join(", "),
    JSON.stringify({ ...raw }).slice(1, -1),
  ];
}

/** Which of the keys a text holds, by their names. */
export function keysIn(text: string, keys: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(keys)
    .filter(([, hex]) => formsOf(hex).some((form) => text.includes(form)))
    .map(([name]) => name);
}

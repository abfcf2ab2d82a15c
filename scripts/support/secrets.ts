import { GENESIS_OPERATOR } from "../../lib/devnet/ledger/genesis.ts";

/** What a secret looks like, and what to call it. */
const PATTERNS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["an ED25519 private key", /302e020100300506032b657004220420[0-9a-f]{64}/gi],
  ["an ECDSA private key", /3030020100300706052b8104000a04220420[0-9a-f]{64}/gi],
  ["a private key in PEM", /-----BEGIN [A-Z ]*PRIVATE KEY-----/g],
  ["a private key", /PRIVATE_KEY["']?\s*[=:]\s*["']?(?:0x)?[0-9a-f]{64}/gi],
  ["a key in a deployment's record", /"hex":\s*"[0-9a-f]{64}"/g],
  ["a token of GitHub", /\bgh[pousr]_[A-Za-z0-9]{36,}/g],
  ["a key of AWS", /\bAKIA[0-9A-Z]{16}\b/g],
  ["a key of a model's provider", /\bsk-[A-Za-z0-9_-]{20,}/g],
  ["a token of Slack", /\bxox[abprs]-[A-Za-z0-9-]{10,}/g],
];
const NAMES = /(?:^|\/)(?:\.env(?:\.(?!example$)[^/]*)?|[^/]+\.(?:key|pem|p12)|id_(?:rsa|ed25519))$/;

/** What of a file must not be committed, in words that do not repeat it; devnet's own key is no secret. */
export function secretsIn(path: string, text: string): readonly string[] {
  const found = PATTERNS.flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)]
      .filter(([match]) => !GENESIS_OPERATOR.privateKey.includes(match.toLowerCase()))
      .map(({ index }) => `${path}:${text.slice(0, index).split("\n").length}: ${what}`),
  );
  return NAMES.test(path) ? [`${path}: a file that holds keys by its name`, ...found] : found;
}

import { expect, test } from "bun:test";
import { GENESIS_OPERATOR } from "../../lib/devnet/ledger/genesis.ts";
import { secretsIn } from "./secrets.ts";

const hex = (length: number) => "0123456789abcdef".repeat(8).slice(0, length);

test.each<[string, string, string]>([
  ["a.ts", `const key = "302e020100300506032b657004220420${hex(64)}"`, "a.ts:1: an ED25519 private key"],
  ["a.ts", `\n3030020100300706052b8104000a04220420${hex(64)}`, "a.ts:2: an ECDSA private key"],
  ["notes.md", `\n\n-----BEGIN ${"PRIVATE"} KEY-----`, "notes.md:3: a private key in PEM"],
  ["x.yml", `HEDERA_PRIVATE_KEY=0x${hex(64)}`, "x.yml:1: a private key"],
  ["x.json", `"hex": "${hex(64)}"`, "x.json:1: a key in a deployment's record"],
  ["x", `ghp_${"a".repeat(36)}`, "x:1: a token of GitHub"],
  ["deploy/.env", "", "deploy/.env: a file that holds keys by its name"],
  [".env.testnet", "", ".env.testnet: a file that holds keys by its name"],
  ["state/owner.key", "", "state/owner.key: a file that holds keys by its name"],
])("in %s something is found that must not be committed, and is not repeated", (path, text, said) => {
  const found = secretsIn(path, text);
  expect(found).toEqual([said]);
  expect(found.join()).not.toContain(hex(64));
});

test("hashes, public keys, examples and devnet's own key are no secrets", () => {
  for (const [path, text] of [
    ["a.ts", `sha256: "${hex(64)}"`],
    ["a.ts", `302a300506032b6570032100${hex(64)}`],
    ["a.ts", GENESIS_OPERATOR.privateKey],
    [".env.example", "HEDERA_PRIVATE_KEY_FILE=/run/key"],
  ] as const)
    expect(secretsIn(path, text)).toEqual([]);
});

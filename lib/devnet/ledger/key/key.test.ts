import { describe, expect, test } from "bun:test";
import type { proto } from "@hiero-ledger/proto";
import { ecdsaSigner, ed25519Signer, type Signer, thresholdKey } from "../fixture.ts";
import { countKeys, isEmptyKey, isValidKey, type Key, keyBytes, keyOf } from "./key.ts";
import { hasAmbiguousPrefix, Signatures } from "./signatures.ts";

const MESSAGE = Buffer.from("body bytes");
const [alice, bob, carol] = [ed25519Signer(), ecdsaSigner(), ed25519Signer()];
const LIST: proto.IKey = { keyList: { keys: [alice.key, bob.key] } };

function satisfied(key: proto.IKey, ...signers: Signer[]): boolean {
  const decoded = keyOf(key);
  const pairs = signers.map((signer) => signer.sign(MESSAGE));
  return decoded !== null && new Signatures(MESSAGE, pairs).satisfies(decoded);
}

describe("a key is satisfied", () => {
  test("by its own signature and no other, ED25519 and ECDSA alike", () => {
    expect(satisfied(alice.key, alice)).toBe(true);
    expect(satisfied(bob.key, bob)).toBe(true);
    expect(satisfied(alice.key, carol, bob)).toBe(false);
    expect(satisfied(bob.key, alice)).toBe(false);
    expect(satisfied(alice.key)).toBe(false);
  });

  test("not by its signature over something else", () => {
    const pairs = [alice.sign(Buffer.from("other bytes")), bob.sign(Buffer.from("other bytes"))];
    const signatures = new Signatures(MESSAGE, pairs);
    for (const key of [alice.key, bob.key]) {
      const decoded = keyOf(key);
      expect(decoded && signatures.satisfies(decoded)).toBe(false);
    }
  });

  test("by a signature that names it by a prefix only", () => {
    const { ed25519 } = alice.sign(MESSAGE);
    const pair = { pubKeyPrefix: alice.key.ed25519?.subarray(0, 4) ?? null, ed25519: ed25519 ?? null };
    const key = keyOf(alice.key);
    expect(key && new Signatures(MESSAGE, [pair]).satisfies(key)).toBe(true);
  });

  test("as a list, by everyone on it", () => {
    expect(satisfied(LIST, alice, bob)).toBe(true);
    expect(satisfied(LIST, alice)).toBe(false);
  });

  test("as a threshold key, by enough of its keys", () => {
    const twoOfThree = thresholdKey(2, alice, bob, carol);
    expect(satisfied(twoOfThree, alice, carol)).toBe(true);
    expect(satisfied(twoOfThree, bob)).toBe(false);
  });

  test("nested, by each part", () => {
    const nested: proto.IKey = { keyList: { keys: [thresholdKey(1, alice, bob), carol.key] } };
    expect(satisfied(nested, bob, carol)).toBe(true);
    expect(satisfied(nested, alice, bob)).toBe(false);
  });

  test("never, where it is a contract or an empty list", () => {
    expect(satisfied({ contractID: {} }, alice)).toBe(false);
    expect(satisfied({ keyList: { keys: [] } }, alice)).toBe(false);
  });
});

test("an empty key list says that there is no key", () => {
  expect(isEmptyKey(keyOf({ keyList: { keys: [] } }))).toBe(true);
  expect(isEmptyKey(keyOf({}))).toBe(true);
  expect(isEmptyKey(keyOf(LIST))).toBe(false);
  expect(keyBytes({ keyList: { keys: [] } })).toBeNull();
});

describe("Hedera does not accept a key", () => {
  test.each<[string, proto.IKey]>([
    ["of the wrong length", { ed25519: new Uint8Array(31) }],
    ["that is an uncompressed point", { ECDSASecp256k1: new Uint8Array(33).fill(4) }],
    ["whose threshold is 0", thresholdKey(0, alice)],
    ["whose threshold is out of reach", thresholdKey(2, alice)],
    ["that is empty", { keyList: { keys: [] } }],
    ["with an empty part", { keyList: { keys: [alice.key, { keyList: { keys: [] } }] } }],
  ])("%s", (_what, key) => {
    expect(isValidKey(keyOf(key))).toBe(false);
  });

  test("of more than 15 levels", () => {
    const nested = (levels: number): Key =>
      levels === 1
        ? (keyOf(alice.key) ?? fail())
        : { kind: "LIST", keys: [nested(levels - 1)], threshold: 1 };
    expect(isValidKey(nested(15))).toBe(true);
    expect(isValidKey(nested(16))).toBe(false);
  });
});

test("a fee counts every public key in a key", () => {
  expect(countKeys(keyOf({ keyList: { keys: [thresholdKey(1, alice, bob), carol.key] } }))).toBe(3n);
  expect(countKeys(null)).toBe(0n);
});

test("prefixes are ambiguous where one begins the other", () => {
  const pair = (...prefix: number[]) => ({ pubKeyPrefix: Uint8Array.from(prefix) });
  expect(hasAmbiguousPrefix([pair(1, 2), pair(1, 3)])).toBe(false);
  expect(hasAmbiguousPrefix([pair(1), pair(1, 3)])).toBe(true);
  expect(hasAmbiguousPrefix([pair(), pair(1)])).toBe(true);
});

function fail(): never {
  throw new Error("the key has no type");
}

test("what was checked ahead by other threads is what would have been found without", async () => {
  const message = Buffer.from("message");
  const [ed, ec, forger] = [ed25519Signer(), ecdsaSigner(), ed25519Signer()];
  const right = ed.sign(message);
  const cases: Record<string, [proto.ISignaturePair[], proto.IKey]> = {
    right: [[right], ed.key],
    forged: [[{ ...forger.sign(message), pubKeyPrefix: right.pubKeyPrefix ?? null }], ed.key],
    short: [[{ ...right, ed25519: new Uint8Array(63) }], ed.key],
    prefix: [[{ ...right, pubKeyPrefix: right.pubKeyPrefix?.subarray(0, 4) ?? null }], ed.key],
    ecdsa: [[ec.sign(message)], ec.key],
    offCurve: [
      [{ ...right, pubKeyPrefix: new Uint8Array(32).fill(255) }],
      { ed25519: new Uint8Array(32).fill(255) },
    ],
  };
  for (const [pairs, wire] of Object.values(cases)) {
    const key = keyOf(wire);
    if (!key) throw new Error("no key");
    const ahead = new Signatures(message, pairs);
    await ahead.checkAhead();
    expect(ahead.satisfies(key)).toBe(new Signatures(message, pairs).satisfies(key));
  }
  const [pairs, wire] = cases.right ?? [[], {}];
  const verified = new Signatures(message, pairs);
  await verified.checkAhead();
  expect(verified.satisfies(keyOf(wire) ?? { kind: "UNSUPPORTED" })).toBe(true);
});

import { describe, expect, test } from "bun:test";
import { KeyList, PrivateKey } from "@hashgraph/sdk";
import { proto } from "@hiero-ledger/proto";
import { MirrorMalformed } from "./error.ts";
import type { MirrorKey } from "./field.ts";
import { keysEnoughAlone, keyTreeOf, publicKeysOf } from "./key-tree.ts";

const [alice, bob, carol] = [
  PrivateKey.generateED25519().publicKey,
  PrivateKey.generateECDSA().publicKey,
  PrivateKey.generateED25519().publicKey,
];
const raw = (...keys: readonly (typeof alice)[]) => keys.map((key) => key.toStringRaw());
const shown = (list: KeyList): MirrorKey => ({
  type: "ProtobufEncoded",
  hex: Buffer.from(proto.Key.encode(list._toProtobufKey()).finish()).toString("hex"),
});

describe("a key as the mirror node shows it", () => {
  test("that is one public key is enough alone", () => {
    const tree = keyTreeOf({ type: "ECDSA_SECP256K1", hex: bob.toStringRaw() });
    expect(keysEnoughAlone(tree)).toEqual(raw(bob));
  });

  test("that is 1 of several: each is enough", () => {
    const tree = keyTreeOf(shown(new KeyList([alice, bob, carol], 1)));
    expect(keysEnoughAlone(tree)).toEqual(raw(alice, bob, carol));
  });

  test.each([
    ["2 of 2", new KeyList([alice, bob], 2)],
    ["all of a list", new KeyList([alice, bob])],
  ])("that is %s: none is enough, and both have a place", (_, list) => {
    const tree = keyTreeOf(shown(list));
    expect(keysEnoughAlone(tree)).toEqual([]);
    expect(publicKeysOf(tree)).toEqual(raw(alice, bob));
  });

  test("that is nested: only who opens it alone is enough", () => {
    const tree = keyTreeOf(shown(new KeyList([alice, new KeyList([bob, carol], 2)], 1)));
    expect(keysEnoughAlone(tree)).toEqual(raw(alice));
    expect(publicKeysOf(tree)).toEqual(raw(alice, bob, carol));
  });

  test.each(["ff", "2a05", "12ff"])("that is no protobuf (%s) is refused", (hex) => {
    expect(() => keyTreeOf({ type: "ProtobufEncoded", hex })).toThrow(MirrorMalformed);
  });
});

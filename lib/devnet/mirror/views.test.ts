import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { base32, keyForms, keyView, readBase32 } from "./views.ts";

const ED = "11".repeat(32);
const EC = "22".repeat(33);

describe("a key", () => {
  test.each([
    [`1220${ED}`, { _type: "ED25519", key: ED }],
    [`3a21${EC}`, { _type: "ECDSA_SECP256K1", key: EC }],
    [`32240a221220${ED}`, { _type: "ED25519", key: ED }],
    [`2a29080112250a233a21${EC}`, { _type: "ECDSA_SECP256K1", key: EC }],
    [`2a28080212240a221220${ED}`, { _type: "ProtobufEncoded", key: `2a28080212240a221220${ED}` }],
    ["3200", null],
  ])("%s is shown as the mirror node shows it", (hex, expected) => {
    expect(keyView(Uint8Array.fromHex(hex))).toEqual(expected);
  });

  test("that is found by its raw form is shown with that raw form", () => {
    for (const raw of [ED, EC]) {
      for (const form of keyForms(raw)) expect(keyView(form)).toMatchObject({ key: raw });
    }
  });

  test("that isn't there is null", () => {
    expect(keyView(null)).toBeNull();
  });
});

test("base32 is RFC 4648's, without padding", () => {
  const encode = (text: string) => base32(new TextEncoder().encode(text));
  expect(["f", "fo", "foo", "foob", "fooba", "foobar"].map(encode)).toEqual([
    "MY",
    "MZXQ",
    "MZXW6",
    "MZXW6YQ",
    "MZXW6YTB",
    "MZXW6YTBOI",
  ]);
});

test("base32 reads back what it wrote", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      expect(readBase32(base32(bytes))).toEqual(new Uint8Array(bytes));
    }),
  );
  expect(readBase32("not base32")).toBeNull();
});

import { expect, test } from "bun:test";
import { aliasAddress } from "./evm-address.ts";

test("an alias of 20 bytes is the address", () => {
  const alias = new Uint8Array(20).fill(7);
  expect(aliasAddress(alias)).toEqual(alias);
});

test("an ECDSA key as alias has the address that Ethereum gives it", () => {
  // The key of the private key 1, whose address every Ethereum library knows.
  const key = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
  const address = aliasAddress(Uint8Array.fromHex(`3a21${key}`));
  expect(address?.toHex()).toBe("7e5f4552091a69125d5dfcb7b8c2659029395bdf");
});

test("an ED25519 key as alias and no alias have none", () => {
  expect(aliasAddress(new Uint8Array([0x12, 0x20, ...new Uint8Array(32)]))).toBeNull();
  expect(aliasAddress(null)).toBeNull();
});

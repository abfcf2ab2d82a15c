import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import { PrivateKey, PublicKey } from "@hashgraph/sdk";
import { FestError } from "../hedera/error.ts";
import { type KeyType, SigningKey, sdkKey } from "./key.ts";

const TYPES: readonly KeyType[] = ["ED25519", "ECDSA"];
const RAW = "7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6";

function der(type: KeyType): string {
  return (type === "ED25519" ? PrivateKey.generateED25519() : PrivateKey.generateECDSA()).toStringDer();
}

for (const type of TYPES) {
  describe(`an ${type} key`, () => {
    test("is read raw, with 0x, and as DER", () => {
      const key = SigningKey.generate(type);
      const { hex } = key.reveal();
      expect(SigningKey.parse({ type, hex }).publicKey).toEqual(key.publicKey);
      expect(SigningKey.parse({ type, hex: ` 0x${hex.toUpperCase()}\n` }).publicKey).toEqual(key.publicKey);
      const text = der(type);
      expect(SigningKey.parse({ type, hex: text }).publicKey.type).toBe(type);
    });

    test("signs what its public key verifies, the same every time", () => {
      const key = SigningKey.generate(type);
      const message = new TextEncoder().encode("a festival runs on one topic");
      const signature = key.sign(message);
      expect(signature).toHaveLength(64);
      expect(key.sdkPublicKey.verify(message, signature)).toBe(true);
      expect([...key.sign(message)]).toEqual([...signature]);
    });

    test("never shows its private half", () => {
      const key = SigningKey.generate(type);
      const shown = [String(key), JSON.stringify({ key }), inspect({ key }), Bun.inspect({ key }), `${key}`];
      for (const text of shown) {
        expect(text).not.toContain(key.reveal().hex);
        expect(text).toContain(key.publicKey.hex);
      }
    });
  });
}

test("the same 32 bytes are two different keys, by the declared type", () => {
  const ed25519 = SigningKey.parse({ type: "ED25519", hex: RAW });
  const ecdsa = SigningKey.parse({ type: "ECDSA", hex: RAW });
  expect(ed25519.publicKey.hex).toBe(PrivateKey.fromStringED25519(RAW).publicKey.toStringRaw());
  expect(ecdsa.publicKey.hex).toBe(PrivateKey.fromStringECDSA(RAW).publicKey.toStringRaw());
  expect(ed25519.publicKey.hex).not.toBe(ecdsa.publicKey.hex);
});

test("DER of the other type is refused, and not quoted", () => {
  for (const type of TYPES) {
    const hex = der(type === "ED25519" ? "ECDSA" : "ED25519");
    const error = caught(() => SigningKey.parse({ type, hex }));
    expect(error.code).toBe("KEY_INVALID");
    expect(error.message).toContain(`declared as ${type}`);
    expect(inspect(error)).not.toContain(hex.slice(-32));
  }
});

test("what is not a key is refused, and not quoted", () => {
  for (const hex of ["", "abc", "z".repeat(64), RAW.slice(1), `${RAW}00`, "0".repeat(64)]) {
    const error = caught(() => SigningKey.parse({ type: "ECDSA", hex }));
    expect(error.code).toBe("KEY_INVALID");
    if (hex.length > 8) expect(inspect(error)).not.toContain(hex);
  }
});

describe("a rule", () => {
  const [a, b] = [SigningKey.generate("ED25519").publicKey, SigningKey.generate("ECDSA").publicKey];

  test("of one key is that key", () => {
    expect(sdkKey(b)).toEqual(PublicKey.fromStringECDSA(b.hex));
  });

  test("of several is a key list with its threshold", () => {
    expect(sdkKey({ threshold: 2, keys: [a, b] }).toString()).toContain('"threshold":2');
  });

  test("that nobody or everybody could meet is refused", () => {
    expect(caught(() => sdkKey({ threshold: 0, keys: [a, b] })).code).toBe("KEY_INVALID");
    expect(caught(() => sdkKey({ threshold: 3, keys: [a, b] })).code).toBe("KEY_INVALID");
  });

  test("with something that is no public key is refused", () => {
    expect(caught(() => sdkKey({ type: "ED25519", hex: "00" })).code).toBe("KEY_INVALID");
  });
});

function caught(run: () => unknown): FestError {
  try {
    run();
  } catch (error) {
    if (error instanceof FestError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

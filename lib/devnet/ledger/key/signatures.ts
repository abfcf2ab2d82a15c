import type { proto } from "@hiero-ledger/proto";
import { isSatisfied, type Key, type SimpleKey, simpleKey } from "./key.ts";
import { ED25519_KEY_BYTES, evmAddressOf, isEd25519SignatureAsync, isSignature } from "./verify.ts";

/** Knows which keys have signed a transaction. */
export interface KeyVerifier {
  satisfies(key: Key): boolean;
  /** The ECDSA key of an EVM address, if it has signed. */
  signerWithAddress(address: Uint8Array): SimpleKey | null;
}

/** The signatures of one transaction; each is checked once, when a key first asks for it. */
export class Signatures implements KeyVerifier {
  readonly #message: Uint8Array;
  readonly #pairs: readonly proto.ISignaturePair[];
  readonly #checked = new Map<string, Uint8Array | null>();

  /** @param message the transaction's body bytes, which every signature is over */
  constructor(message: Uint8Array, pairs: readonly proto.ISignaturePair[]) {
    this.#message = message;
    this.#pairs = pairs;
  }

  /** How many signatures the transaction carries, valid or not; fees count them. */
  get count(): number {
    return this.#pairs.length;
  }

  satisfies(key: Key): boolean {
    return isSatisfied(key, (simple) => this.signatureOf(simple) !== null);
  }

  signerWithAddress(address: Uint8Array): SimpleKey | null {
    for (const { ECDSASecp256k1: signature, pubKeyPrefix } of this.#pairs) {
      const key = signature && pubKeyPrefix ? simpleKey("ECDSA_SECP256K1", pubKeyPrefix) : null;
      const own = key && evmAddressOf(key);
      if (key && own && Buffer.from(own).equals(address) && this.signatureOf(key)) return key;
    }
    return null;
  }

  /** The key's signature if there is one and it is valid, else null. */
  signatureOf(key: SimpleKey): Uint8Array | null {
    let signature = this.#checked.get(key.text);
    if (signature === undefined) {
      signature = this.#find(key);
      this.#checked.set(key.text, signature);
    }
    return signature;
  }

  /**
   * Has the ED25519 signatures that name their whole public key checked by other
   * threads, before anybody asks for them: it is half of what a transaction takes.
   */
  async checkAhead(): Promise<void> {
    const keys = this.#pairs
      .filter(({ ed25519, pubKeyPrefix }) => ed25519 && pubKeyPrefix?.length === ED25519_KEY_BYTES)
      .map(({ pubKeyPrefix }) => simpleKey("ED25519", pubKeyPrefix ?? new Uint8Array()));
    await Promise.all(keys.map((key) => this.#checkAhead(key)));
  }

  async #checkAhead(key: SimpleKey): Promise<void> {
    const signature = this.#candidate(key);
    if (!signature) return;
    const valid = await isEd25519SignatureAsync(key, this.#message, signature);
    this.#checked.set(key.text, valid ? signature : null);
  }

  #find(key: SimpleKey): Uint8Array | null {
    const signature = this.#candidate(key);
    return signature && isSignature(key, this.#message, signature) ? signature : null;
  }

  /** The signature that must be the key's if it has signed at all: the first whose prefix fits. */
  #candidate(key: SimpleKey): Uint8Array | null {
    for (const pair of this.#pairs) {
      const signature = key.kind === "ED25519" ? pair.ed25519 : pair.ECDSASecp256k1;
      if (signature && isPrefix(pair.pubKeyPrefix, key.publicKey)) return signature;
    }
    return null;
  }
}

/** Whether one public-key prefix of a signature map begins the other, so that a key could match both. */
export function hasAmbiguousPrefix(pairs: readonly proto.ISignaturePair[]): boolean {
  return pairs.some((a, i) =>
    pairs.some((b, j) => i !== j && isPrefix(a.pubKeyPrefix, b.pubKeyPrefix ?? new Uint8Array())),
  );
}

function isPrefix(prefix: Uint8Array | null | undefined, whole: Uint8Array): boolean {
  if (!prefix) return true;
  if (prefix.length > whole.length) return false;
  for (let i = 0; i < prefix.length; i++) if (prefix[i] !== whole[i]) return false;
  return true;
}

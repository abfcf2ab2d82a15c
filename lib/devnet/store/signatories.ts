import type { ScheduleSignature } from "../ledger/record.ts";

/** Writes the signatures on a schedule as `time:type:key:signature` (hex), separated by spaces. */
export function writeSignatories(signatories: readonly ScheduleSignature[]): string {
  return signatories
    .map(({ consensusTimestamp, type, publicKey, signature }) =>
      [consensusTimestamp, type, publicKey.toHex(), signature.toHex()].join(":"),
    )
    .join(" ");
}

/** Reads what {@link writeSignatories} wrote. */
export function readSignatories(text: string): ScheduleSignature[] {
  if (text === "") return [];
  return text.split(" ").map((word) => {
    const [consensusTimestamp, type, publicKey, signature] = word.split(":");
    return {
      consensusTimestamp: BigInt(consensusTimestamp ?? 0),
      type: type === "ED25519" ? "ED25519" : "ECDSA_SECP256K1",
      publicKey: Uint8Array.fromHex(publicKey ?? ""),
      signature: Uint8Array.fromHex(signature ?? ""),
    };
  });
}

import type { Timestamp } from "../../hedera/timestamp.ts";
import { BASE_STEP } from "../obligation.ts";

/**
 * Bases in ascending order as short text: what each lies after the one before,
 * in steps of 10 ns, in base 36. A busy log reserves thousands.
 */
export function encodeTimes(times: readonly Timestamp[]): string {
  let last = 0n;
  const steps = times.map((time) => {
    const step = (time - last) / BASE_STEP;
    last = time;
    return step.toString(36);
  });
  return steps.join(" ");
}

/** Reads what {@link encodeTimes} wrote. */
export function decodeTimes(text: string): readonly Timestamp[] {
  let last = 0n;
  return text.split(" ").map((step) => {
    last += parseBase36(step) * BASE_STEP;
    return last;
  });
}

/** `BigInt` itself reads no base 36. */
function parseBase36(digits: string): bigint {
  return [...digits].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
}

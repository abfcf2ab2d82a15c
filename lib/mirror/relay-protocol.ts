import * as z from "zod/mini";

/**
 * What to be told of: every new block, or the logs of one contract. A token's
 * transfers are logs of its long-zero address (`longZeroAddress`).
 */
export type RelaySubscription =
  | "newHeads"
  | { readonly address: `0x${string}`; readonly topics?: readonly (`0x${string}` | null)[] };

/** What a frame from the relay means to us. */
export type RelayFrame =
  /** A block or a log was pushed. */
  | { readonly kind: "event" }
  | { readonly kind: "confirmed"; readonly id: number }
  | { readonly kind: "refused"; readonly id: number; readonly reason: string }
  /** A sign of life without a meaning, such as the relay's own ping. */
  | { readonly kind: "other" };

/** The `eth_subscribe` parameters of a subscription. */
export function subscribeParams(subscription: RelaySubscription): readonly unknown[] {
  return subscription === "newHeads" ? ["newHeads"] : ["logs", subscription];
}

/** A JSON-RPC 2.0 request as text. */
export function requestFrame(id: number, method: string, params: readonly unknown[]): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

const event = z.object({ method: z.literal("eth_subscription") });
const confirmed = z.object({ id: z.int(), result: z.string() });
const refused = z.object({ id: z.int(), error: z.object({ message: z.string() }) });

/** Reads a frame; what is not understood is a sign of life all the same. */
export function parseFrame(data: unknown): RelayFrame {
  const body = jsonOf(data);
  if (z.safeParse(event, body).success) return { kind: "event" };
  const error = z.safeParse(refused, body);
  if (error.success) return { kind: "refused", id: error.data.id, reason: error.data.error.message };
  const result = z.safeParse(confirmed, body);
  return result.success ? { kind: "confirmed", id: result.data.id } : { kind: "other" };
}

function jsonOf(data: unknown): unknown {
  if (typeof data !== "string") return null;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

import { addSeconds, NANOS_PER_SECOND } from "../hedera/timestamp.ts";
import type { TransactionId } from "../hedera/transaction-id.ts";
import type { Session } from "./session.ts";

/** How far behind our clock a free id starts, so that a node whose clock is behind takes it at once. */
const BEHIND_SECONDS = 5n;

/**
 * A transaction id that no obligation gave out: 5 s ago, at a random nanosecond
 * of that second, so that two processes of one account hardly ever meet.
 */
export function freshId(session: Pick<Session, "account" | "clock">): TransactionId {
  const nanos = BigInt(Math.floor(session.clock.random() * Number(NANOS_PER_SECOND)));
  const second = addSeconds(session.clock.now(), -BEHIND_SECONDS);
  return { payer: session.account, validStart: second - (second % NANOS_PER_SECOND) + nanos };
}

/** What there is to check in an entry: what it judged by, and what of it can be looked up. */
import type { Entry } from "../../../lib/festival/entry/entry.ts";
import type { Criterion } from "../../../lib/festival/state.ts";
import type { TopicId } from "../../../lib/hedera/id.ts";
import type { Subject } from "../text/link.ts";

/** What an entry judges by. */
export function criteriaOf({ body }: Entry): readonly Criterion[] {
  switch (body.type) {
    case "quality_gate":
    case "payment_settled":
    case "payment_scheduled":
      return body.payload.criteria;
    case "risk_check_approved":
    case "risk_check_denied":
      return body.payload.checks;
    default:
      return [];
  }
}

/** What of an entry can be looked up: its transaction, else its message, and what it speaks of. */
export function subjectsOf({ body, stamp }: Entry, log: TopicId): readonly Subject[] {
  const { transactionId, sequence } = stamp;
  const own: Subject =
    transactionId === null
      ? { kind: "message", topic: log, sequence }
      : { kind: "transaction", id: transactionId };
  switch (body.type) {
    case "payment_settled":
      return [own, { kind: "transaction", id: body.payload.transfer }];
    case "payment_scheduled":
    case "payment_approved":
    case "risk_check_requested":
      return [own, { kind: "schedule", id: body.payload.schedule_id }];
    case "trade_settled":
      return [
        own,
        { kind: "schedule", id: body.payload.schedule_id },
        { kind: "transaction", id: body.payload.transaction },
      ];
    default:
      return [own];
  }
}

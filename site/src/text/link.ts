import type { AccountId, ScheduleId, TokenId, TopicId } from "../../../lib/hedera/id.ts";
import {
  formatTransactionId,
  mirrorTransactionId,
  type TransactionId,
} from "../../../lib/hedera/transaction-id.ts";
import type { Endpoints } from "../deployment/deployment.ts";

/** Something on the ledger that can be looked up. */
export type Subject =
  | { readonly kind: "account"; readonly id: AccountId }
  | { readonly kind: "topic"; readonly id: TopicId }
  | { readonly kind: "token"; readonly id: TokenId }
  | { readonly kind: "schedule"; readonly id: ScheduleId }
  | { readonly kind: "message"; readonly topic: TopicId; readonly sequence: number }
  | { readonly kind: "transaction"; readonly id: TransactionId };

/** Where the mirror node shows the JSON of something. */
export function mirrorLink({ mirror }: Pick<Endpoints, "mirror">, subject: Subject): string {
  switch (subject.kind) {
    case "message":
      return `${mirror}/api/v1/topics/${subject.topic}/messages/${subject.sequence}`;
    case "transaction":
      return `${mirror}/api/v1/transactions/${mirrorTransactionId(subject.id)}`;
    default:
      return `${mirror}/api/v1/${subject.kind}s/${subject.id}`;
  }
}

/** Where HashScan shows it, or null where it does not know the network. */
export function explorerLink({ explorer }: Pick<Endpoints, "explorer">, subject: Subject): string | null {
  if (explorer === null) return null;
  switch (subject.kind) {
    case "message":
      return `${explorer}/topic/${subject.topic}`;
    case "transaction":
      return `${explorer}/transaction/${formatTransactionId(subject.id)}`;
    default:
      return `${explorer}/${subject.kind}/${subject.id}`;
  }
}

/** A subject's name. */
export function subjectText(subject: Subject): string {
  switch (subject.kind) {
    case "message":
      return `#${subject.sequence}`;
    case "transaction":
      return formatTransactionId(subject.id);
    default:
      return subject.id;
  }
}

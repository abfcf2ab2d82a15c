import type { proto } from "@hiero-ledger/proto";
import type { ExchangeRate } from "../exchange-rate.ts";
import type { History } from "../execute/history.ts";
import { needed } from "../refusal.ts";
import type { State } from "../state/state.ts";

/** The id of this ledger in the answers of queries, as local networks have it. */
export const LEDGER_ID: Uint8Array = new Uint8Array([3]);

/** What a query can read. */
export interface QueryContext {
  readonly state: State;
  readonly history: History;
  /** The exchange rate in force. */
  readonly rate: () => ExchangeRate;
}

/** The queries that have a field of the same name in `Query` and in `Response`. */
export type QueryField = Extract<keyof proto.IQuery, keyof proto.IResponse>;
type Question<Field extends QueryField> = NonNullable<proto.IQuery[Field]>;
type Answer<Field extends QueryField> = NonNullable<proto.IResponse[Field]>;

/** A query as the ledger answers it. */
export interface QueryHandler {
  readonly field: QueryField;
  /** Whether it wants a payment. */
  readonly paid: boolean;
  /** The answer, but for its header. @throws Refusal that becomes the header's code */
  answer(query: proto.IQuery, context: QueryContext): object;
}

/** Makes a query's handler. */
export function defineQuery<Field extends QueryField>(
  field: Field,
  definition: {
    readonly paid: boolean;
    answer(question: Question<Field>, context: QueryContext): Answer<Field>;
  },
): QueryHandler {
  return {
    field,
    paid: definition.paid,
    answer: (query, context) => definition.answer(needed(query[field], "INVALID_TRANSACTION_BODY"), context),
  };
}

import type { proto } from "@hiero-ledger/proto";
import type { EntityId } from "../../../hedera/id.ts";
import { FEE_SCHEDULE, type Tinycent } from "../fee/schedule.ts";
import { needed } from "../refusal.ts";
import type { State } from "../state/state.ts";
import type { HandleContext, PreHandleContext } from "./context.ts";

type Services = typeof FEE_SCHEDULE.service;
/** The name of a transaction type that the ledger knows: its field in `TransactionBody`. */
export type TransactionField = keyof Services;
type Operation<Field extends TransactionField> = NonNullable<proto.ITransactionBody[Field]>;

/** What one type of transaction is: its checks, its effect and its fee, as the consensus node divides them. */
export interface HandlerDefinition<Field extends TransactionField> {
  /** The mirror node's name of the type. */
  readonly type: string;
  /** Whether a schedule may execute it (`scheduling.whitelist`). */
  readonly schedulable?: true;
  /** Checks that need no state. @throws Refusal */
  pureChecks?(op: Operation<Field>): void;
  /** Checks against state and the keys that must sign. @throws Refusal */
  preHandle?(op: Operation<Field>, context: PreHandleContext): void;
  /** The effect; whatever it did is undone where it throws. @throws Refusal */
  handle(op: Operation<Field>, context: HandleContext): void;
  /** The service fee; the base where it is absent. */
  serviceFee?(op: Operation<Field>, fee: Services[Field]): Tinycent;
  /** The entity that the transaction is about, where its body names it. */
  entity?(op: Operation<Field>, state: State): EntityId | null;
}

/** A handler as the ledger runs it, on whole transaction bodies. */
export interface TransactionHandler {
  readonly field: TransactionField;
  readonly type: string;
  readonly schedulable: boolean;
  pureChecks(body: proto.ITransactionBody): void;
  preHandle(body: proto.ITransactionBody, context: PreHandleContext): void;
  handle(body: proto.ITransactionBody, context: HandleContext): void;
  serviceFee(body: proto.ITransactionBody): Tinycent;
  entity(body: proto.ITransactionBody, state: State): EntityId | null;
  /** The data of a scheduled transaction, as an ordinary transaction has it; null where it is of another type. */
  ordinary(scheduled: proto.ISchedulableTransactionBody): proto.ITransactionBody | null;
}

/** Makes a handler of its definition. */
export function defineHandler<Field extends TransactionField>(
  field: Field,
  definition: HandlerDefinition<Field>,
): TransactionHandler {
  const operation = (body: proto.ITransactionBody): Operation<Field> =>
    needed(body[field], "INVALID_TRANSACTION_BODY");
  return {
    field,
    type: definition.type,
    schedulable: definition.schedulable === true,
    pureChecks: (body) => definition.pureChecks?.(operation(body)),
    preHandle: (body, context) => definition.preHandle?.(operation(body), context),
    handle: (body, context) => definition.handle(operation(body), context),
    serviceFee: (body) => {
      const fee = FEE_SCHEDULE.service[field];
      return definition.serviceFee ? definition.serviceFee(operation(body), fee) : fee.base;
    },
    entity: (body, state) => definition.entity?.(operation(body), state) ?? null,
    ordinary: (scheduled) => {
      const op = new Map(Object.entries(scheduled)).get(field);
      return op ? { [field]: op } : null;
    },
  };
}

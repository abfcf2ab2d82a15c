import { Refusal } from "../refusal.ts";
import { ATOMIC_BATCH } from "./atomic-batch.ts";
import { CONSENSUS_CREATE_TOPIC } from "./consensus-create-topic.ts";
import { CONSENSUS_DELETE_TOPIC } from "./consensus-delete-topic.ts";
import { CONSENSUS_SUBMIT_MESSAGE } from "./consensus-submit-message.ts";
import { CONSENSUS_UPDATE_TOPIC } from "./consensus-update-topic.ts";
import { CRYPTO_CREATE } from "./crypto-create.ts";
import { CRYPTO_DELETE } from "./crypto-delete.ts";
import { CRYPTO_TRANSFER } from "./crypto-transfer.ts";
import { CRYPTO_UPDATE } from "./crypto-update.ts";
import type { TransactionHandler } from "./handler.ts";
import { SCHEDULE_CREATE } from "./schedule-create.ts";
import { SCHEDULE_DELETE } from "./schedule-delete.ts";
import { SCHEDULE_SIGN } from "./schedule-sign.ts";
import { TOKEN_ASSOCIATE } from "./token-associate.ts";
import { TOKEN_BURN } from "./token-burn.ts";
import { TOKEN_CREATE } from "./token-create.ts";
import { TOKEN_DELETE } from "./token-delete.ts";
import { TOKEN_DISSOCIATE } from "./token-dissociate.ts";
import { TOKEN_MINT } from "./token-mint.ts";
import { TOKEN_UPDATE } from "./token-update.ts";

/** Every type of transaction that the ledger executes; adding one here is all that it takes. */
export const HANDLERS: readonly TransactionHandler[] = [
  CRYPTO_CREATE,
  CRYPTO_TRANSFER,
  CRYPTO_UPDATE,
  CRYPTO_DELETE,
  CONSENSUS_CREATE_TOPIC,
  CONSENSUS_UPDATE_TOPIC,
  CONSENSUS_DELETE_TOPIC,
  CONSENSUS_SUBMIT_MESSAGE,
  TOKEN_CREATE,
  TOKEN_UPDATE,
  TOKEN_DELETE,
  TOKEN_MINT,
  TOKEN_BURN,
  TOKEN_ASSOCIATE,
  TOKEN_DISSOCIATE,
  SCHEDULE_CREATE,
  SCHEDULE_SIGN,
  SCHEDULE_DELETE,
  ATOMIC_BATCH,
];

const byField = new Map<string, TransactionHandler>(HANDLERS.map((handler) => [handler.field, handler]));

/** The handler of a type by its field in `TransactionBody`, if the ledger knows it. */
export function findHandler(field: string | undefined): TransactionHandler | undefined {
  return field === undefined ? undefined : byField.get(field);
}

/** The handler of a type. @throws Refusal `NOT_SUPPORTED` */
export function handlerOf(field: string): TransactionHandler {
  const handler = byField.get(field);
  if (!handler) throw new Refusal("NOT_SUPPORTED");
  return handler;
}

import { proto } from "@hiero-ledger/proto";
import type { Tinybar } from "../../../hedera/amount.ts";
import { FestError } from "../../../hedera/error.ts";
import { toTinybars } from "../fee/fees.ts";
import { FEE_SCHEDULE } from "../fee/schedule.ts";
import { NODE_ACCOUNT } from "../genesis.ts";
import { need, needed, Refusal } from "../refusal.ts";
import { type Status, statusCode } from "../status.ts";
import { accountIdOf } from "../wire/id.ts";
import { fromLong, toLong } from "../wire/int64.ts";
import { CRYPTO_GET_ACCOUNT_BALANCE } from "./account-balance.ts";
import { CRYPTO_GET_INFO } from "./account-info.ts";
import type { QueryContext, QueryHandler } from "./query.ts";
import { SCHEDULE_GET_INFO } from "./schedule-info.ts";
import { TOKEN_GET_INFO } from "./token-info.ts";
import { CONSENSUS_GET_TOPIC_INFO } from "./topic-info.ts";
import { TRANSACTION_GET_RECEIPT } from "./transaction-receipt.ts";
import { TRANSACTION_GET_RECORD } from "./transaction-record.ts";
import { NETWORK_GET_VERSION_INFO } from "./version-info.ts";

/** Every query that the ledger answers; others get `NOT_SUPPORTED`. */
const QUERIES: readonly QueryHandler[] = [
  TRANSACTION_GET_RECEIPT,
  TRANSACTION_GET_RECORD,
  CRYPTO_GET_ACCOUNT_BALANCE,
  CRYPTO_GET_INFO,
  CONSENSUS_GET_TOPIC_INFO,
  TOKEN_GET_INFO,
  SCHEDULE_GET_INFO,
  NETWORK_GET_VERSION_INFO,
];

const byField = new Map<string, QueryHandler>(QUERIES.map((handler) => [handler.field, handler]));

/** A way to pay: checks the payment and returns how to execute it. @throws Refusal where it is refused */
export type Pay = (payment: proto.ITransaction) => () => void;

/**
 * Answers a protobuf `Query` with a protobuf `Response`: the answer itself, or
 * what it costs where the header asks for that (`COST_ANSWER`). A query that
 * costs something is answered only with a payment, which is executed.
 *
 * @throws FestError `QUERY_INVALID` where the bytes are no query
 */
export function answerQuery(bytes: Uint8Array, context: QueryContext, pay: Pay): Uint8Array {
  const query = decodeQuery(bytes);
  const field = query.query ?? "";
  const handler = byField.get(field);
  const header = handler ? needed(query[handler.field], "INVALID_TRANSACTION_BODY").header : null;
  const responseType = header?.responseType ?? proto.ResponseType.ANSWER_ONLY;
  const respond = (status: Status, cost: Tinybar, answer: object): Uint8Array => {
    const responseHeader = {
      nodeTransactionPrecheckCode: statusCode(status),
      responseType,
      cost: toLong(cost),
    };
    return proto.Response.encode({ [field]: { ...answer, header: responseHeader } }).finish();
  };
  if (!handler) return respond("NOT_SUPPORTED", 0n, {});
  const cost = handler.paid ? toTinybars(FEE_SCHEDULE.query, context.rate()) : 0n;
  try {
    if (responseType === proto.ResponseType.COST_ANSWER) return respond("OK", cost, {});
    need(responseType === proto.ResponseType.ANSWER_ONLY, "NOT_SUPPORTED");
    const execute = handler.paid ? pay(checkedPayment(header?.payment, cost)) : null;
    const answer = handler.answer(query, context);
    execute?.();
    return respond("OK", cost, answer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return respond(error.status, cost, {});
  }
}

function decodeQuery(bytes: Uint8Array): proto.Query {
  try {
    const query = proto.Query.decode(bytes);
    if (query.query !== undefined) return query;
  } catch (cause) {
    throw new FestError("QUERY_INVALID", "the request is not a protobuf Query", { cause });
  }
  throw new FestError("QUERY_INVALID", "the Query holds no query that is known");
}

/** The payment, if it is a transfer that gives the node at least the cost. @throws Refusal */
function checkedPayment(payment: proto.ITransaction | null | undefined, cost: Tinybar): proto.ITransaction {
  const given = needed(payment, "INSUFFICIENT_TX_FEE");
  const transfer = needed(bodyOf(given).cryptoTransfer, "INVALID_TRANSACTION_BODY");
  const toNode = (transfer.transfers?.accountAmounts ?? []).find(
    ({ accountID, amount }) => accountIdOf(accountID) === NODE_ACCOUNT && fromLong(amount) >= 0n,
  );
  need(toNode !== undefined, "INVALID_RECEIVING_NODE_ACCOUNT");
  need(fromLong(toNode.amount) >= cost, "INSUFFICIENT_TX_FEE");
  return given;
}

function bodyOf({ signedTransactionBytes, bodyBytes }: proto.ITransaction): proto.TransactionBody {
  try {
    const signed = signedTransactionBytes?.length
      ? proto.SignedTransaction.decode(signedTransactionBytes)
      : null;
    return proto.TransactionBody.decode(signed?.bodyBytes ?? bodyBytes ?? new Uint8Array());
  } catch {
    throw new Refusal("INVALID_TRANSACTION");
  }
}

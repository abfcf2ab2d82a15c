/**
 * Starts a devnet on a data directory, submits a message, asks for its receipt,
 * and dies by SIGKILL in the same turn of the event loop: nothing but what
 * happened before the receipt was answered can be on the disk. Prints the
 * topic and the receipt's running hash (hex) first.
 *
 * Arguments: data directory, mirror lag in milliseconds.
 */
import { writeSync } from "node:fs";
import { proto } from "@hiero-ledger/proto";
import { parseTopicId } from "../../hedera/id.ts";
import { fromMillis } from "../../hedera/timestamp.ts";
import { startDevnet } from "../devnet.ts";
import { LedgerFixture, PERIOD } from "../ledger/fixture.ts";
import { topicIdOf, wireTopicId } from "../ledger/wire/id.ts";

const [dataDir, lag] = process.argv.slice(2);
const { ledger } = await startDevnet({ portBase: 0, dataDir: dataDir ?? "", lagMs: Number(lag) });
const writer = new LedgerFixture({ time: fromMillis(Date.now()) });

/** Submits a transaction and returns its receipt. */
function receiptOf(data: proto.ITransactionBody): proto.ITransactionReceipt {
  const bytes = writer.transaction(data);
  const { transaction, status } = ledger.precheck(bytes);
  if (!transaction) throw new Error(`pre-check answered ${status}`);
  ledger.handle(transaction);
  const query = { transactionGetReceipt: { transactionID: transaction.body.transactionID ?? null } };
  const { transactionGetReceipt } = proto.Response.decode(ledger.query(proto.Query.encode(query).finish()));
  const receipt = transactionGetReceipt?.receipt;
  if (receipt?.status !== proto.ResponseCodeEnum.SUCCESS)
    throw new Error(`the receipt says ${receipt?.status}`);
  return receipt;
}

const created = receiptOf({ consensusCreateTopic: { autoRenewPeriod: PERIOD } });
const topic = parseTopicId(topicIdOf(created.topicID) ?? "");
const message = Buffer.from("not lost");
const { topicRunningHash } = receiptOf({ consensusSubmitMessage: { topicID: wireTopicId(topic), message } });
writeSync(
  1,
  `${JSON.stringify({ topic, runningHash: Buffer.from(topicRunningHash ?? []).toString("hex") })}\n`,
);
process.kill(process.pid, "SIGKILL");

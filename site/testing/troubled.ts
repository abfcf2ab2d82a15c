/** A festival in which everything is wrong at once, told on a real devnet: each of the page's tiles is an alarm. */
import { FAILURE_PART } from "../../lib/festival/obligation.ts";
import { TINYBARS_PER_HBAR } from "../../lib/hedera/amount.ts";
import { about, type Storyteller } from "./storyteller.ts";

/** Tells of an agent in trouble, a task that failed, a payment that did not execute, and a fund over its limit. */
export async function tellOfTrouble(story: Storyteller): Promise<void> {
  const { topic, coordinator: owner, worker, token } = story.stage;
  const limits = {
    max_trade: TINYBARS_PER_HBAR,
    max_position: TINYBARS_PER_HBAR,
    min_balance: 0n,
    max_deviation_bps: 200,
    max_signal_age: 900,
  };
  await story.manifest("In trouble", { market: { fund: worker.account, token, limits } });
  await story.plan();
  await story.assign();
  const output = { hbar: "500000000", tokens: "12345", reference_micro_usd: "200000" };
  await story.work({ rows: 48 }, { output });
  const failed = { status: "TOKEN_NOT_ASSOCIATED_TO_ACCOUNT", retry_seconds: 600 };
  await story.discharge(
    "settle",
    (owed) => ({ ...about(owed), type: "payment_failed", payload: failed }),
    FAILURE_PART,
  );
  await story.say(topic, owner, { v: 1, type: "task_withdrawn", task_id: "1.1.2" });
  const error = { agent_id: "inference-001", code: "BALANCE_LOW", message: "the account has 0.5 HBAR left" };
  await story.say(story.vitals, worker, { v: 1, type: "agent_error", payload: error });
  await story.heartbeat("1.1.1", "error");
  await story.say(topic, owner, { v: 1, type: "tick" });
}

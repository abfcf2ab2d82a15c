/** Somebody with an agent's key, or with none of the festival's, who does what no agent of ours does. */
import { foldAll } from "../../lib/festival/fold.ts";
import type { State, Verdict } from "../../lib/festival/state.ts";
import type { AccountId, TopicId } from "../../lib/hedera/id.ts";
import { sameTransactionId, type TransactionId } from "../../lib/hedera/transaction-id.ts";
import { type Ledger, openLedger } from "../../lib/ledger/client.ts";
import type { Action, Outcome } from "../../lib/ledger/effect.ts";
import { freshId } from "../../lib/ledger/fresh-id.ts";
import type { SigningKey } from "../../lib/ledger/key.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import type { Message } from "../../lib/mirror/message.ts";
import { allItems } from "../../lib/mirror/page.ts";
import type { Stage } from "./stage.ts";

/** What came of something that was tried. */
export interface Attempt {
  readonly id: TransactionId;
  readonly outcome: Outcome;
}

/** The member of a payment's batch that is its message. */
const MESSAGE_PART = 2n;
/** How long a message may take to the mirror node. */
const PATIENCE_MS = 20_000;

/** Acts for one account with one key, past every rule of the agents. */
export class Insider {
  readonly account: AccountId;
  readonly ledger: Ledger;
  readonly #stage: Stage;

  constructor(stage: Stage, account: AccountId, key: SigningKey) {
    this.#stage = stage;
    this.account = account;
    this.ledger = openLedger({ network: stage.network, account, key });
  }

  /** The key of one of the festival's own agents, in the wrong hands. */
  static withKeyOf(agent: string, stage: Stage): Insider {
    const { account, key } = stage.crew.member(agent);
    return new Insider(stage, account, key);
  }

  /** Sends anything, under an id of its own or a chosen one. */
  async try(action: Action, id: TransactionId = freshId(this.ledger.session)): Promise<Attempt> {
    return { id, outcome: await this.ledger.perform({ id, memo: "", action }) };
  }

  /** Says anything on the log, bytes or JSON, and learns what the fold makes of it. */
  async say(what: Uint8Array | object, id?: TransactionId): Promise<Verdict> {
    const message = what instanceof Uint8Array ? what : Buffer.from(JSON.stringify(what));
    const tried = await this.try({ kind: "message", topic: this.#stage.festival.log, message }, id);
    if (tried.outcome.kind !== "executed") throw new Error(`not said: ${JSON.stringify(tried.outcome)}`);
    return verdictOf(this.#stage, tried.id);
  }

  /** Pays from one account to another and says so in one batch; `verdict` is null if the batch failed. */
  async pay(
    payment: { from?: AccountId; to: AccountId; amount: bigint; says: object },
    id?: TransactionId,
  ): Promise<Attempt & { readonly verdict: Verdict | null }> {
    const { from, to, amount, says } = payment;
    const { token, log: topic } = this.#stage.festival;
    const message = Buffer.from(JSON.stringify(says));
    const source = from === undefined ? {} : { from };
    const tried = await this.try({ kind: "payment", token, ...source, to, amount, topic, message }, id);
    if (tried.outcome.kind !== "executed") return { ...tried, verdict: null };
    const said = { ...tried.id, validStart: tried.id.validStart + MESSAGE_PART };
    return { ...tried, verdict: await verdictOf(this.#stage, said) };
  }

  close(): void {
    this.ledger.close();
  }
}

/** What the fold makes of the message under a transaction id, once the mirror node has it. */
export async function verdictOf(stage: Stage, id: TransactionId): Promise<Verdict> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const messages = await messagesOf(stage, stage.festival.log);
    const at = messages.findIndex(
      ({ transactionId }) => transactionId !== null && sameTransactionId(transactionId, id),
    );
    const { verdict } = foldAll(messages.slice(0, at + 1));
    if (at >= 0 && verdict !== null) return verdict;
    await Bun.sleep(40);
  }
  throw new Error("the message never came to the mirror node");
}

/** The log's state as a stranger folds it. */
export async function stateOf(stage: Stage): Promise<State> {
  return foldAll(await messagesOf(stage, stage.festival.log));
}

async function messagesOf(stage: Stage, topic: TopicId): Promise<readonly Message[]> {
  const mirror = createMirror({ baseUrl: stage.mirror });
  return allItems(await mirror.topicMessages({ topic, limit: 100, order: "asc" }));
}

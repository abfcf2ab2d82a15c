import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import { TINYBARS_PER_HBAR } from "../../hedera/amount.ts";
import type { AccountId, TokenId, TopicId } from "../../hedera/id.ts";
import { fromMillis, type Timestamp } from "../../hedera/timestamp.ts";
import { createAccount } from "../accounts.ts";
import { type Ledger, openLedger } from "../client.ts";
import type { Action, Effect } from "../effect.ts";
import { type KeyType, SigningKey } from "../key.ts";
import { associate, createToken } from "../tokens.ts";
import { createTopic } from "../topics.ts";

/** Somebody on a devnet: an account, its key, and a ledger of its own. */
export interface Actor {
  readonly account: AccountId;
  readonly key: SigningKey;
  readonly ledger: Ledger;
}

/** A devnet with a topic, a token, and actors who may use them. */
export interface Stage {
  readonly devnet: Devnet;
  readonly operator: Ledger;
  readonly topic: TopicId;
  readonly token: TokenId;
  /** Pays: treasury of the token, may write to the topic. */
  readonly coordinator: Actor;
  /** Is associated with the token, may write to the topic. */
  readonly worker: Actor;
  /** One more ledger of an actor, as a second process of it has. */
  again(actor: Actor): Ledger;
  close(): Promise<void>;
}

/** Sets a stage. @throws LedgerError */
export async function setStage(): Promise<Stage> {
  const devnet = await startDevnet({ portBase: 0 });
  const { network } = devnet;
  const { accountId, privateKey } = devnet.operator;
  const open: Ledger[] = [];
  const opened = (account: AccountId, key: SigningKey) => {
    const ledger = openLedger({ network, account, key });
    open.push(ledger);
    return ledger;
  };
  const operator = opened(accountId, SigningKey.parse({ type: "ED25519", hex: privateKey }));
  const actor = async (type: KeyType): Promise<Actor> => {
    const key = SigningKey.generate(type);
    const account = await createAccount(operator, { key: key.publicKey, balance: 100n * TINYBARS_PER_HBAR });
    return { account, key, ledger: opened(account, key) };
  };
  const coordinator = await actor("ED25519");
  const worker = await actor("ECDSA");
  const submitKeys = [coordinator.key.publicKey, worker.key.publicKey];
  const topic = await createTopic(operator, { submitKeys, memo: "log" });
  const token = await createToken(operator, {
    name: "Festival",
    symbol: "FEST",
    decimals: 2,
    initialSupply: 1_000_000n,
    treasury: coordinator.account,
    signers: [coordinator.key],
  });
  await associate(worker.ledger, { token });
  return {
    devnet,
    operator,
    topic,
    token,
    coordinator,
    worker,
    again: ({ account, key }) => opened(account, key),
    close: async () => {
      for (const ledger of open) ledger.close();
      await devnet.stop();
    },
  };
}

/** An effect of `account` that starts at `validStart`, by default now. */
export function effectOf(
  account: AccountId,
  action: Action,
  validStart: Timestamp = fromMillis(Date.now()) - 1_000_000_000n,
): Effect {
  return { id: { payer: account, validStart: validStart + nextBase() }, memo: "0.0.1010 7.1 0", action };
}

let bases = 0n;

/** Ids of one account must differ, and leave room for the members of a batch. */
function nextBase(): bigint {
  bases += 10n;
  return bases;
}

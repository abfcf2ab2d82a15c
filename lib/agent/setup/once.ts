import { FestError } from "../../hedera/error.ts";
import { addSeconds, type Timestamp } from "../../hedera/timestamp.ts";
import type { TransactionId } from "../../hedera/transaction-id.ts";
import { transferHbar } from "../../ledger/accounts.ts";
import type { Ledger } from "../../ledger/client.ts";
import { QUIET_SECONDS, VALID_SECONDS } from "../../ledger/effect.ts";
import { LedgerError } from "../../ledger/error.ts";
import { freshId } from "../../ledger/fresh-id.ts";
import type { Under } from "../../ledger/submit.ts";
import type { Mirror } from "../../mirror/client.ts";
import type { MirrorTransaction } from "../../mirror/transaction.ts";
import type { Deployment } from "./deployment.ts";

/** One transaction of set-up, and what it gives. */
export interface Step<T> {
  /** Its name in the record. */
  readonly name: string;
  /** Who pays for it. */
  readonly ledger: Ledger;
  /** Sends it under that id, and reads its receipt. */
  readonly take: (under: Required<Under>) => Promise<T>;
  /** Reads of the mirror's record what the receipt would have said. */
  readonly found: (transaction: MirrorTransaction) => T;
}

/** What steps are taken with. */
export interface Taking {
  readonly deployment: Deployment;
  readonly mirror: Pick<Mirror, "transaction" | "latestBlock">;
  /** Told what takes long. */
  readonly onStep?: (step: string) => void;
}

const TRIES = 3;
/** Replicas of a mirror node differ by some seconds: a block so far past the end has been everywhere. */
const MARGIN_SECONDS = 10;
const LOOKS = 3;
const LOOK_MS = 1_000;
/** Looks without a newer block, after which this process makes the network move itself. */
const QUIET_LOOKS = 5;
const MOST_LOOKS = 300;
/** The network's account for fees: it is there on every network. */
const FEE_ACCOUNT = "0.0.98";

/**
 * Takes a step once, however often it dies in the middle: its transaction id is
 * on disk before it is sent, and within three minutes the same id is sent again,
 * which the network executes once. Later the mirror node tells what became of it.
 *
 * @throws LedgerError; FestError `STEP_UNCERTAIN`
 */
export async function once<T>(taking: Taking, step: Step<T>): Promise<T> {
  const { deployment } = taking;
  const { name, ledger, take, found } = step;
  for (let attempt = 1; ; attempt += 1) {
    let id = deployment.sentOf(name);
    if (id !== null && !isOpen(id, ledger)) {
      const transaction = await outcomeOf(taking, step, id);
      if (transaction?.result === "SUCCESS") return found(transaction);
      id = null;
    }
    id ??= freshId(ledger.session);
    await deployment.remember(name, id);
    try {
      return await take({ id });
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      if (error.usedUp) await deployment.remember(name, null);
      if (error.code !== "TRANSACTION_EXPIRED" || attempt === TRIES) throw error;
    }
  }
}

/** Whether the same id may still be sent. */
function isOpen({ payer, validStart }: TransactionId, { account, session }: Ledger): boolean {
  return payer === account && session.clock.now() < addSeconds(validStart, VALID_SECONDS - QUIET_SECONDS);
}

/** What became of a transaction whose time is over, or null: it never executed and never will. */
async function outcomeOf<T>(
  { mirror, onStep }: Taking,
  { name, ledger }: Step<T>,
  id: TransactionId,
): Promise<MirrorTransaction | null> {
  const certain = addSeconds(id.validStart, VALID_SECONDS + MARGIN_SECONDS);
  const { clock } = ledger.session;
  let absent = 0;
  for (let look = 1; look <= MOST_LOOKS; look += 1) {
    const transactions = await mirror.transaction(id);
    const own = transactions?.find(({ nonce, scheduled }) => nonce === 0 && !scheduled);
    if (own !== undefined) return own;
    if (await hasPassed(mirror, certain)) absent += 1;
    if (absent === LOOKS) return null;
    if (look === 1) onStep?.(`look whether it was done before: ${name}`);
    if (look % QUIET_LOOKS === 0 && absent === 0 && clock.now() > certain) await stir(ledger);
    await clock.sleep(absent > 0 ? LOOK_MS / 10 : LOOK_MS);
  }
  throw new FestError("STEP_UNCERTAIN", `it cannot be told whether this was done: ${name}`, {
    fix: "Run setup again when the mirror node has caught up.",
  });
}

async function hasPassed(mirror: Taking["mirror"], time: Timestamp): Promise<boolean> {
  const block = await mirror.latestBlock();
  return block !== null && block.to > time;
}

/** On a network that nobody else uses, consensus time stands still. */
async function stir(ledger: Ledger): Promise<void> {
  await transferHbar(ledger, { to: FEE_ACCOUNT, amount: 1n });
}

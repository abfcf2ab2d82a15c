import { formatTimestamp, NANOS_PER_SECOND } from "../../lib/hedera/timestamp.ts";
import type { TransactionId } from "../../lib/hedera/transaction-id.ts";
import type { Ledger } from "../../lib/ledger/client.ts";
import type { Clock } from "../../lib/mirror/clock.ts";
import type { Fetch } from "../../lib/mirror/http.ts";

/** Parts of an obligation's ids that are aliased along: the effect itself and a batch's two members. */
const MEMBERS = [0n, 1n, 2n];
/** How far behind its clock an agent starts a transaction that may begin at any time. */
const BEHIND_SECONDS = 30n;

const MESSAGE_ID =
  /"account_id":"([\d.]+)",("nonce":\d+,"scheduled":\w+,)?"transaction_valid_start":"([\d.]+)"/g;
const TRANSACTION_ID = /"transaction_id":"([\d.]+)-(\d+)-(\d+)"/g;

/**
 * Takes the derived transaction ids away, to show that it is they that keep a
 * payment from being made twice: every attempt gets an id of its own, and the
 * agents' mirror shows the derived one in its place, as if the fold did not insist.
 */
export class Tampering {
  readonly #aliases = new Map<string, string>();

  /** The write side of an agent, without derived ids. */
  ledger(ledger: Ledger, clock: Clock): Pick<Ledger, "perform"> {
    return {
      perform: (effect, options) => {
        const behind = BigInt(Math.floor(clock.random() * Number(BEHIND_SECONDS * NANOS_PER_SECOND)));
        const id = { payer: effect.id.payer, validStart: clock.now() - behind };
        for (const member of MEMBERS) this.#aliases.set(nameOf(id, member), startOf(effect.id, member));
        return ledger.perform({ ...effect, id }, options);
      },
    };
  }

  /** The read side of an agent, where messages show the derived ids. */
  fetch(fetch: Fetch): Fetch {
    return rewritten(fetch, (text) => this.#messages(text));
  }

  /** The same for who verifies: the transactions show them, too. */
  fetchAll(fetch: Fetch): Fetch {
    return rewritten(fetch, (text) =>
      this.#messages(text).replaceAll(
        TRANSACTION_ID,
        (_: string, account: string, seconds: string, nanos: string) => {
          const start = this.#shown(account, `${seconds}.${nanos}`);
          return `"transaction_id":"${account}-${start.replace(".", "-")}"`;
        },
      ),
    );
  }

  #messages(text: string): string {
    return text.replaceAll(MESSAGE_ID, (found: string, account: string, _: unknown, start: string) =>
      found.replace(start, this.#shown(account, start)),
    );
  }

  #shown(account: string, start: string): string {
    return this.#aliases.get(`${account}@${start}`) ?? start;
  }
}

function nameOf(id: TransactionId, member: bigint): string {
  return `${id.payer}@${startOf(id, member)}`;
}

function startOf({ validStart }: TransactionId, member: bigint): string {
  return formatTimestamp(validStart + member);
}

function rewritten(fetch: Fetch, rewrite: (text: string) => string): Fetch {
  return async (url, init) => {
    const answer = await fetch(url, init);
    const { status, headers } = answer;
    return new Response(rewrite(await answer.text()), { status, headers });
  };
}

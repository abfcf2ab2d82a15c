import { type AccountId, entityNum, type TopicId } from "../hedera/id.ts";
import type { Network } from "../hedera/network.ts";
import { type Clock, systemClock } from "../mirror/clock.ts";
import type { DeliverOptions } from "./deliver.ts";
import type { Effect, Outcome } from "./effect.ts";
import { freshId } from "./fresh-id.ts";
import { type KeySpec, type PublicKeySpec, SigningKey } from "./key.ts";
import { perform } from "./perform.ts";
import { sdkTransport } from "./sdk-transport.ts";
import { NodeRotation, nodeAccounts, openClient, type Session } from "./session.ts";
import type { Transport } from "./transport.ts";

/** How a {@link Ledger} is opened. */
export interface LedgerOptions {
  readonly network: Network;
  /** The account that pays for and signs everything. */
  readonly account: AccountId;
  readonly key: KeySpec | SigningKey;
  /** Default: the machine's; another one is for simulations. */
  readonly clock?: Clock;
  /** Default: the SDK's gRPC client; another one is for simulations. */
  readonly transport?: Transport;
  /** Puts something around the way to the nodes, to look on or to interfere. */
  readonly around?: (transport: Transport) => Transport;
}

/** The write side of a Hedera network, for one account. */
export interface Ledger {
  readonly network: Network;
  readonly account: AccountId;
  readonly publicKey: PublicKeySpec;
  /** For the set-up actions of this folder. */
  readonly session: Session;

  /**
   * Performs an effect once, however often it is called and by however many.
   * Resolves in any case within `patienceMs` (default 30 s) and a few seconds;
   * only an effect that is malformed, or a defect, throws.
   *
   * @throws FestError `EFFECT_INVALID`
   */
  perform(effect: Effect, options?: DeliverOptions): Promise<Outcome>;

  /**
   * Says something that discharges no obligation, such as a heartbeat, under an
   * id of its own. Not idempotent: said twice, it is two messages.
   *
   * @throws FestError `EFFECT_INVALID`
   */
  say(topic: TopicId, message: Uint8Array, options?: DeliverOptions): Promise<Outcome>;

  /** Closes every connection. What is under way ends as `pending`. */
  close(): void;
}

/**
 * Opens the write side of a network for one account. Nothing is sent yet.
 *
 * @example
 * const ledger = openLedger({ network: networkOf("testnet"), account: "0.0.1001", key });
 * const outcome = await ledger.perform({ id, memo: "0.0.7 12.1 0", action });
 * ledger.close();
 *
 * @throws FestError `KEY_INVALID`, `NETWORK_EMPTY`
 */
export function openLedger(options: LedgerOptions): Ledger {
  const { network, account } = options;
  const key = options.key instanceof SigningKey ? options.key : SigningKey.parse(options.key);
  // Accounts spread over the nodes, while copies of one agent meet at the same
  // node, where a duplicate is refused for nothing instead of charged at consensus.
  const nodes = new NodeRotation(nodeAccounts(network), Number(entityNum(account) % 1_000n));
  const clock = options.clock ?? systemClock;
  const closing = new AbortController();
  const own = options.transport ?? sdkTransport(openClient(network, account, key), closing.signal);
  const transport = options.around?.(own) ?? own;
  const session: Session = { network, account, key, transport, nodes, clock, closing: closing.signal };
  return {
    network,
    account,
    publicKey: key.publicKey,
    session,
    perform: (effect, bounds = {}) => perform(session, effect, bounds),
    say: (topic, message, bounds = {}) =>
      perform(
        session,
        { id: freshId(session), memo: "", action: { kind: "message", topic, message } },
        bounds,
      ),
    close: () => {
      closing.abort();
      transport.close();
    },
  };
}

import type { AccountId } from "../../../hedera/id.ts";
import type { PreHandleContext, Scheduling } from "../handler/context.ts";
import { decodeKey, isValidKey, type Key } from "../key/key.ts";
import type { Account, KeyBytes } from "../record.ts";
import { need, needed } from "../refusal.ts";
import type { State } from "../state/state.ts";
import type { Status } from "../status.ts";

/** Collects the keys, beside the payer's, that a transaction must be signed with. */
export class RequiredKeys implements PreHandleContext {
  readonly state: State;
  readonly payer: AccountId;
  readonly scheduling: Scheduling;
  readonly keys: Key[] = [];

  constructor(state: State, payer: AccountId, scheduling: Scheduling) {
    this.state = state;
    this.payer = payer;
    this.scheduling = scheduling;
  }

  requireKey(key: Key | null, status: Status): void {
    need(isValidKey(key), status);
    this.keys.push(key);
  }

  requireEntityKey(key: KeyBytes, status: Status): void {
    this.requireKey(decodeKey(key), status);
  }

  requireAccountKey(id: AccountId | null, status: Status): Account {
    const account = needed(id === null ? null : this.state.accounts.get(id), status);
    // The payer's key is verified in any case.
    if (account.id !== this.payer) this.requireEntityKey(account.key, status);
    return account;
  }

  requireReceiverKey(id: AccountId | null, status: Status): void {
    const account = needed(id === null ? null : this.state.accounts.get(id), status);
    if (account.receiverSigRequired) this.requireAccountKey(id, status);
  }
}

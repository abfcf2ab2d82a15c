import type { AccountId } from "../../../hedera/id.ts";
import type { PreHandleContext, Scheduling } from "../handler/context.ts";
import { isEvmAddress } from "../key/alias.ts";
import { decodeKey, isValidKey, type Key } from "../key/key.ts";
import type { KeyVerifier } from "../key/signatures.ts";
import type { Account, KeyBytes } from "../record.ts";
import { need, needed } from "../refusal.ts";
import type { State } from "../state/state.ts";
import type { Status } from "../status.ts";

/** Whether an account has an EVM address, but no key yet (HIP-583). */
export function isHollow({ key, alias }: Account): boolean {
  return key === null && alias !== null && isEvmAddress(alias);
}

/** Whether an account's key has signed; for one without, the key of its EVM address. */
export function hasSigned(account: Account, verifier: KeyVerifier): boolean {
  const key = decodeKey(account.key);
  if (key) return verifier.satisfies(key);
  return isHollow(account) && account.alias !== null && verifier.signerWithAddress(account.alias) !== null;
}

/** Collects the keys, beside the payer's, that a transaction must be signed with. */
export class RequiredKeys implements PreHandleContext {
  readonly state: State;
  readonly payer: AccountId;
  readonly scheduling: Scheduling;
  readonly keys: Key[] = [];
  /** EVM addresses whose ECDSA keys must have signed. */
  readonly addresses: Uint8Array[] = [];
  /** Accounts without a key that must sign, and get their key by it. */
  readonly hollow: Account[] = [];

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
    if (account.id === this.payer) return account;
    if (isHollow(account)) this.hollow.push(account);
    else this.requireEntityKey(account.key, status);
    return account;
  }

  requireAddress(address: Uint8Array): void {
    this.addresses.push(address);
  }

  requireReceiverKey(id: AccountId | null, status: Status): void {
    const account = needed(id === null ? null : this.state.accounts.get(id), status);
    if (account.receiverSigRequired) this.requireAccountKey(id, status);
  }
}

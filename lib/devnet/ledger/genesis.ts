import { createPrivateKey, createPublicKey } from "node:crypto";
import { proto } from "@hiero-ledger/proto";
import { TINYBARS_PER_HBAR, type Tinybar } from "../../hedera/amount.ts";
import type { AccountId } from "../../hedera/id.ts";
import { addSeconds, type Timestamp } from "../../hedera/timestamp.ts";
import { LIMITS } from "./limits.ts";
import type { EntityChange, KeyBytes } from "./record.ts";

/** The account that owns all HBAR at genesis and its well-known local key, as every Hedera SDK's examples use it. */
export const GENESIS_OPERATOR = {
  accountId: "0.0.2",
  privateKey:
    "302e020100300506032b65700422042091132178e72057a1d7528025956fe39b0b847f200ab59b2fdd367017f3087137",
} as const;

/** All HBAR that there will ever be: 50 billion. */
export const TOTAL_SUPPLY: Tinybar = 50_000_000_000n * TINYBARS_PER_HBAR;
/** The account of the one consensus node. */
export const NODE_ACCOUNT: AccountId = "0.0.3";
/** The account that collects network and service fees. */
export const FEE_ACCOUNT: AccountId = "0.0.98";
/** The accounts that hold staking and node rewards; nobody has their keys. */
const REWARD_ACCOUNTS: readonly AccountId[] = ["0.0.800", "0.0.801"];

/** The state of a new network at a time: its first accounts and all HBAR. */
export function genesis(at: Timestamp): EntityChange[] {
  const key = genesisKey();
  return [
    account(GENESIS_OPERATOR.accountId, TOTAL_SUPPLY, key, at),
    account(NODE_ACCOUNT, 0n, key, at),
    account(FEE_ACCOUNT, 0n, key, at),
    ...REWARD_ACCOUNTS.map((id) => account(id, 0n, null, at)),
  ];
}

function genesisKey(): KeyBytes {
  const der = Buffer.from(GENESIS_OPERATOR.privateKey, "hex");
  const spki = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({
    format: "der",
    type: "spki",
  });
  return proto.Key.encode({ ed25519: new Uint8Array(spki.subarray(-32)) }).finish();
}

function account(id: AccountId, balance: Tinybar, key: KeyBytes, at: Timestamp): EntityChange {
  return {
    kind: "account",
    entity: {
      id,
      key,
      memo: "",
      balance,
      alias: null,
      receiverSigRequired: false,
      maxAutomaticAssociations: 0,
      autoRenewSeconds: 0n,
      expiry: addSeconds(at, LIMITS.entityLifetimeSeconds),
      deleted: false,
      created: at,
    },
  };
}

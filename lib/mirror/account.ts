import * as z from "zod/mini";
import type { Tinybar, TokenUnits } from "../hedera/amount.ts";
import type { AccountId, TokenId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import { accountId, int64, key, links, type MirrorKey, timestamp, tokenId } from "./field.ts";
import { type Http, pathWithQuery, type ReadOptions } from "./http.ts";
import { allItems, findPage } from "./page.ts";

/** An account. */
export interface MirrorAccount {
  readonly id: AccountId;
  /** Null where the mirror node does not know it. */
  readonly balance: Tinybar | null;
  readonly key: MirrorKey | null;
  /** 20 bytes in hex with `0x`: the alias, or the long-zero address. */
  readonly evmAddress: string | null;
  readonly memo: string;
  readonly created: Timestamp | null;
  readonly deleted: boolean;
  /** -1 for any number. */
  readonly maxAutomaticTokenAssociations: number | null;
  readonly receiverSigRequired: boolean | null;
}

/** An account's relation to a token that it is associated with. */
export interface AccountToken {
  readonly token: TokenId;
  readonly balance: TokenUnits;
  readonly decimals: number;
  readonly freezeStatus: "NOT_APPLICABLE" | "FROZEN" | "UNFROZEN";
  readonly kycStatus: "NOT_APPLICABLE" | "GRANTED" | "REVOKED";
  readonly automaticAssociation: boolean;
}

/** What an account holds. */
export interface AccountBalance {
  readonly hbar: Tinybar;
  /** The first 50 tokens; {@link AccountReads.accountTokens} has them all. */
  readonly tokens: readonly { readonly token: TokenId; readonly balance: TokenUnits }[];
  /** When it was so, in consensus time. */
  readonly timestamp: Timestamp | null;
}

/** What can be read of accounts. Every method throws {@link MirrorError}s. */
export interface AccountReads {
  /** The account, or null if there is none. */
  account(id: AccountId, options?: ReadOptions): Promise<MirrorAccount | null>;
  /** Every token that the account is associated with, or null if there is no such account. */
  accountTokens(id: AccountId, options?: ReadOptions): Promise<readonly AccountToken[] | null>;
  /** The account's balance, or null if there is no such account. */
  balance(id: AccountId, options?: ReadOptions): Promise<AccountBalance | null>;
}

const accountSchema = z.pipe(
  z.object({
    account: accountId,
    balance: z.nullable(z.object({ balance: int64 })),
    key,
    evm_address: z.nullable(z.string().check(z.regex(/^0x[0-9a-f]{40}$/))),
    memo: z.nullable(z.string()),
    created_timestamp: z.nullable(timestamp),
    deleted: z.nullable(z.boolean()),
    max_automatic_token_associations: z.nullable(z.int()),
    receiver_sig_required: z.nullable(z.boolean()),
  }),
  z.transform(
    (wire): MirrorAccount => ({
      id: wire.account,
      balance: wire.balance === null ? null : wire.balance.balance,
      key: wire.key,
      evmAddress: wire.evm_address,
      memo: wire.memo ?? "",
      created: wire.created_timestamp,
      deleted: wire.deleted ?? false,
      maxAutomaticTokenAssociations: wire.max_automatic_token_associations,
      receiverSigRequired: wire.receiver_sig_required,
    }),
  ),
);

const accountTokenSchema = z.pipe(
  z.object({
    token_id: tokenId,
    balance: int64,
    decimals: z.int(),
    freeze_status: z.enum(["NOT_APPLICABLE", "FROZEN", "UNFROZEN"]),
    kyc_status: z.enum(["NOT_APPLICABLE", "GRANTED", "REVOKED"]),
    automatic_association: z.boolean(),
  }),
  z.transform(
    (wire): AccountToken => ({
      token: wire.token_id,
      balance: wire.balance,
      decimals: wire.decimals,
      freezeStatus: wire.freeze_status,
      kycStatus: wire.kyc_status,
      automaticAssociation: wire.automatic_association,
    }),
  ),
);

const accountTokensSchema = z.object({ tokens: z.array(accountTokenSchema), links });

const balancesSchema = z.object({
  timestamp: z.nullable(timestamp),
  balances: z.array(
    z.object({
      account: accountId,
      balance: int64,
      tokens: z.array(z.object({ token_id: tokenId, balance: int64 })),
    }),
  ),
});

/** The reads of `/accounts` and `/balances`. */
export function accountReads(http: Http): AccountReads {
  return {
    // Without the parameter the answer embeds a page of the account's transactions.
    account: (id, options) => http.find(`/api/v1/accounts/${id}?transactions=false`, accountSchema, options),
    async accountTokens(id, options) {
      const path = `/api/v1/accounts/${id}/tokens?limit=100`;
      const first = await findPage(http, path, accountTokensSchema, (body) => body.tokens, options);
      return first && allItems(first, options);
    },
    async balance(id, options) {
      const path = pathWithQuery("/api/v1/balances", [["account.id", id]]);
      const body = await http.get(path, balancesSchema, options);
      const found = body.balances.find((balance) => balance.account === id);
      if (found === undefined) return null;
      return {
        hbar: found.balance,
        tokens: found.tokens.map(({ token_id, balance }) => ({ token: token_id, balance })),
        timestamp: body.timestamp,
      };
    },
  };
}

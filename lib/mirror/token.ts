import * as z from "zod/mini";
import type { TokenUnits } from "../hedera/amount.ts";
import type { AccountId, TokenId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import { accountId, int64, int64Text, key, links, type MirrorKey, timestamp, tokenId } from "./field.ts";
import { type Http, pathWithQuery, type ReadOptions } from "./http.ts";
import { type Page, type PageQuery, readPage } from "./page.ts";

/** A token. */
export interface MirrorToken {
  readonly id: TokenId;
  readonly name: string;
  readonly symbol: string;
  readonly memo: string;
  readonly type: "FUNGIBLE_COMMON" | "NON_FUNGIBLE_UNIQUE";
  readonly decimals: number;
  readonly treasury: AccountId;
  readonly totalSupply: TokenUnits;
  /** 0 without a limit. */
  readonly maxSupply: TokenUnits;
  readonly adminKey: MirrorKey | null;
  readonly supplyKey: MirrorKey | null;
  readonly freezeKey: MirrorKey | null;
  readonly pauseStatus: "NOT_APPLICABLE" | "PAUSED" | "UNPAUSED";
  readonly created: Timestamp;
  readonly deleted: boolean;
}

/** What one account holds of a token. */
export interface TokenHolder {
  readonly account: AccountId;
  readonly balance: TokenUnits;
}

/** Which holders of a token. */
export interface TokenBalancesQuery extends PageQuery {
  readonly token: TokenId;
  readonly account?: AccountId;
}

/** What can be read of tokens. Every method throws {@link MirrorError}s. */
export interface TokenReads {
  /** The token, or null if there is none. */
  token(id: TokenId, options?: ReadOptions): Promise<MirrorToken | null>;
  /** A page of holders by account number, highest first by default. An unknown token has none. */
  tokenBalances(query: TokenBalancesQuery, options?: ReadOptions): Promise<Page<TokenHolder>>;
}

const tokenSchema = z.pipe(
  z.object({
    token_id: tokenId,
    name: z.string(),
    symbol: z.string(),
    memo: z.string(),
    type: z.enum(["FUNGIBLE_COMMON", "NON_FUNGIBLE_UNIQUE"]),
    decimals: int64Text,
    treasury_account_id: accountId,
    total_supply: int64Text,
    max_supply: int64Text,
    admin_key: key,
    supply_key: key,
    freeze_key: key,
    pause_status: z.enum(["NOT_APPLICABLE", "PAUSED", "UNPAUSED"]),
    created_timestamp: timestamp,
    deleted: z.nullable(z.boolean()),
  }),
  z.transform(
    (wire): MirrorToken => ({
      id: wire.token_id,
      name: wire.name,
      symbol: wire.symbol,
      memo: wire.memo,
      type: wire.type,
      decimals: Number(wire.decimals),
      treasury: wire.treasury_account_id,
      totalSupply: wire.total_supply,
      maxSupply: wire.max_supply,
      adminKey: wire.admin_key,
      supplyKey: wire.supply_key,
      freezeKey: wire.freeze_key,
      pauseStatus: wire.pause_status,
      created: wire.created_timestamp,
      deleted: wire.deleted ?? false,
    }),
  ),
);

const holdersSchema = z.object({
  balances: z.array(z.object({ account: accountId, balance: int64 })),
  links,
});

/** The reads of `/tokens`. */
export function tokenReads(http: Http): TokenReads {
  return {
    token: (id, options) => http.find(`/api/v1/tokens/${id}`, tokenSchema, options),
    tokenBalances({ token, account, limit, order }, options) {
      const path = pathWithQuery(`/api/v1/tokens/${token}/balances`, [
        ["account.id", account],
        ["limit", limit],
        ["order", order],
      ]);
      return readPage(http, path, holdersSchema, (body) => body.balances, options);
    },
  };
}

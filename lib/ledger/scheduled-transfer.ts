import { proto } from "@hiero-ledger/proto";
import type { Tinybar, TokenUnits } from "../hedera/amount.ts";
import { type AccountId, parseAccountId, parseTokenId, type TokenId } from "../hedera/id.ts";

/** What a scheduled CryptoTransfer moves. */
export interface ScheduledTransfer {
  readonly hbar: readonly { readonly account: AccountId; readonly amount: Tinybar }[];
  readonly tokens: readonly {
    readonly token: TokenId;
    readonly account: AccountId;
    readonly amount: TokenUnits;
  }[];
}

/**
 * Reads the transfers of a stored schedule.
 *
 * @param body protobuf `SchedulableTransactionBody`, as the mirror node gives it
 * @returns null if it is anything but a plain transfer of HBAR and fungible tokens
 */
export function decodeScheduledTransfer(body: Uint8Array): ScheduledTransfer | null {
  const transfer = decode(body)?.cryptoTransfer;
  if (!transfer) return null;
  const lists = transfer.tokenTransfers ?? [];
  const legs = [
    ...(transfer.transfers?.accountAmounts ?? []),
    ...lists.flatMap((list) => list.transfers ?? []),
  ];
  const plain =
    legs.every((leg) => !leg.isApproval) && lists.every((list) => (list.nftTransfers ?? []).length === 0);
  if (!plain) return null;
  return {
    hbar: (transfer.transfers?.accountAmounts ?? []).map(legOf),
    tokens: lists.flatMap((list) =>
      (list.transfers ?? []).map((leg) => ({
        token: parseTokenId(`0.0.${list.token?.tokenNum ?? 0}`),
        ...legOf(leg),
      })),
    ),
  };
}

function decode(body: Uint8Array): proto.SchedulableTransactionBody | null {
  try {
    return proto.SchedulableTransactionBody.decode(body);
  } catch {
    return null;
  }
}

function legOf(leg: proto.IAccountAmount) {
  return {
    account: parseAccountId(`0.0.${leg.accountID?.accountNum ?? 0}`),
    amount: BigInt(String(leg.amount ?? 0)),
  };
}

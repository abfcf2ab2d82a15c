/** What the owner of a festival says: who may speak, what is paid at most, and whether work goes on. */
import * as z from "zod/mini";
import {
  accountId,
  agentId,
  amount,
  count,
  roleName,
  seconds,
  sha256Hex,
  text,
  tokenId,
  topicId,
} from "./field.ts";

/** What a trade may cost at most; every limit is checked before the coordinator signs. */
export const tradeLimits = z.object({
  /** Largest single trade, in tinybars. */
  max_trade: amount,
  /** Largest HBAR position of the fund, in tinybars. */
  max_position: amount,
  /** HBAR that the fund keeps in any case, in tinybars. */
  min_balance: amount,
  /** How far a quote's price may lie from the network's rate, in hundredths of a percent. */
  max_deviation_bps: count,
  /** How old the signal behind the trade may be, in seconds of consensus time. */
  max_signal_age: seconds,
  /** How much worse than the signal's price a quote may be, in hundredths of a percent. */
  max_slippage_bps: z.optional(count),
  /** What a trade must gain against the network's rate after all fees, in hundredths of a percent. */
  min_edge_bps: z.optional(count),
  /** How wide the forecast's 80% interval may be, in hundredths of a percent of its median. */
  max_spread_bps: z.optional(count),
  /** How long ago the network may have set its rate, in seconds. */
  max_rate_age: z.optional(seconds),
  /** Most that may be traded within 24 hours, in units of the market's token. */
  max_daily_volume: z.optional(amount),
  /** How far trading may have fallen behind its best since this entry, in hundredths of a percent of the fund's value, before it halts. */
  max_drawdown_bps: z.optional(count),
  /** How long the other parties of a trade may have been silent, in seconds. */
  max_silence: z.optional(seconds),
});

/** A trader that makes noise on purpose, on devnet alone; its trades are on the ledger like any others. */
const noiseTrader = z.object({
  account: accountId,
  /** Published, so that anyone can recompute what it wanted. */
  seed: text,
  /** Largest error against the network's rate, in hundredths of a percent. */
  strength_bps: count,
  every_seconds: seconds,
});

/** The festival that a log carries on since its network was reset: editions go on being counted. */
export const carriedOn = z.object({
  /** Its log on the network that is no more, that log's last entry, and its last edition. */
  log: topicId,
  sequence: count,
  edition: count,
  /** SHA-256 of its archive, a bundle that anyone can verify. */
  archive_sha256: sha256Hex,
});

/** `manifest`: binds roles to accounts. The log's first entry; its payer is the owner. */
export const manifest = z.object({
  v: z.literal(1),
  type: z.literal("manifest"),
  payload: z.object({
    festival: z.object({ id: text, name: text }),
    carries_on: z.optional(carriedOn),
    /** Role to agents to accounts: `{"inference": {"inference-001": "0.0.1004"}}`. */
    roles: z.record(roleName, z.record(agentId, accountId)),
    /** What payments are made in. */
    token: tokenId,
    vitals: topicId,
    heartbeat_seconds: seconds,
    /** An agent that was not heard of for so long is announced as lost by the network; absent: none is. */
    lost_seconds: z.optional(seconds),
    limits: z.object({
      /** Largest reward of a task, in token units. */
      reward: amount,
      /** Largest sum of an edition's rewards, in token units; absent: there is none. */
      edition: z.optional(amount),
      /** How often a task is tried before it fails. */
      attempts: z.int().check(z.positive(), z.lte(100)),
      /** How long an assignment stands without a sign of work. */
      lease_seconds: seconds,
    }),
    /** The trading fund, whose key is 2-of-2 of defi and coordinator, and what it trades HBAR against. */
    market: z.optional(
      z.object({
        fund: accountId,
        token: tokenId,
        limits: tradeLimits,
        /** The account whose balances are the desk's pool; absent: the desk's own. */
        pool: z.optional(accountId),
        /** The pool's fee on what enters, in hundredths of a percent; absent: 30. */
        fee_bps: z.optional(z.int().check(z.nonnegative(), z.lt(10_000))),
        noise: z.optional(noiseTrader),
      }),
    ),
  }),
});

/** `pause`: no new assignments and trades until `resume`; settlements go on. */
export const pause = z.object({
  v: z.literal(1),
  type: z.literal("pause"),
  payload: z.optional(z.object({ reason: z.optional(text) })),
});

/** `resume`: ends a pause. */
export const resume = z.object({
  v: z.literal(1),
  type: z.literal("resume"),
  payload: z.optional(z.object({ reason: z.optional(text) })),
});

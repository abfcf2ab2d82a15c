import type { Body } from "../../lib/festival/entry/entry.ts";
import { TINYBARS_PER_HBAR } from "../../lib/hedera/amount.ts";
import { type Asked, castOwner } from "./asked.ts";
import type { Random } from "./random.ts";
import type { Party, Snapshot } from "./snapshot.ts";

/** What a seed decides besides the weather. */
export interface Casting {
  /** Agents of which two processes run at once, on one account and key. */
  readonly copies: ReadonlySet<string>;
  /** Whether the inference role has two agents. */
  readonly twoWorkers: boolean;
  /** How often a task may be tried, and how long its agent may say nothing. */
  readonly attempts: number;
  readonly leaseSeconds: number;
  /** How often the fickle task fails. */
  readonly failures: number;
  /** When the defi agent's account is associated with the payment token, in milliseconds. */
  readonly associatedAt: number;
  /** When the owner gives inference-001 another account and key, in milliseconds; null: never. */
  readonly handOverAt: number | null;
  /** When the owner pauses the festival, and for how long, in milliseconds; null: never. */
  readonly pause: { readonly at: number; readonly length: number } | null;
  /** What is asked of the owner as a person. */
  readonly asked: Asked;
}

/** Casts a seed. */
export function cast(random: Random): Casting {
  return {
    copies: new Set([
      ...(random.chance(0.4) ? ["coordinator"] : []),
      ...["inference-001", "defi-001", "desk-001"].filter(() => random.chance(0.15)),
    ]),
    twoWorkers: random.chance(0.4),
    attempts: random.pick(1, 2, 3, 3),
    leaseSeconds: random.pick(15, 60, 60, 120),
    failures: random.pick(0, 0, 1, 2, 3),
    associatedAt: random.chance(0.3) ? random.between(1_000, 120_000) : 0,
    handOverAt: random.chance(0.2) ? random.between(1_000, 100_000) : null,
    pause: random.chance(0.15)
      ? { at: random.between(1_000, 60_000), length: random.pick(5_000, 70_000, 250_000) }
      : null,
    asked: castOwner(random),
  };
}

/** The manifest, with the account of a party behind inference-001. */
export function manifestOf(snapshot: Snapshot, casting: Casting, worker: Party): Body<"manifest"> {
  const { accounts, token, stablecoin, vitals } = snapshot;
  const { twoWorkers, attempts, leaseSeconds } = casting;
  const workers = {
    "inference-001": accounts[worker],
    ...(twoWorkers ? { "inference-002": accounts["inference-002"] } : {}),
  };
  return {
    v: 1,
    type: "manifest",
    payload: {
      festival: { id: "chaos", name: "Chaos" },
      roles: {
        coordinator: { coordinator: accounts.coordinator },
        inference: workers,
        defi: { "defi-001": accounts["defi-001"] },
        desk: { "desk-001": accounts["desk-001"] },
      },
      token,
      vitals,
      heartbeat_seconds: 60,
      limits: { reward: 10_000n, attempts, lease_seconds: leaseSeconds },
      market: {
        fund: accounts.fund,
        token: stablecoin,
        limits: {
          max_trade: 1_000n * TINYBARS_PER_HBAR,
          max_position: 1_000_000n * TINYBARS_PER_HBAR,
          min_balance: TINYBARS_PER_HBAR,
          max_deviation_bps: 1_000,
          max_signal_age: 86_400,
        },
      },
    },
  };
}

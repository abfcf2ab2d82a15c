import type { Body } from "../../festival/entry/entry.ts";
import { TINYBARS_PER_HBAR } from "../../hedera/amount.ts";
import type { AccountId } from "../../hedera/id.ts";
import { DESK_FEE_BPS } from "../../market/desk.ts";
import { AGENTS } from "./deployment.ts";
import type { Festival, NoiseSetup, SetupOptions } from "./options.ts";

/** Attempts of a task before it fails. */
const ATTEMPTS = 3;
/** Largest reward of a task, in payment tokens. */
export const MAX_REWARD = 1_000n;

/** The manifest of a festival. */
export function manifestOf(
  {
    endowment,
    festival,
    noise,
    carriesOn,
  }: Pick<SetupOptions, "endowment" | "festival" | "noise" | "carriesOn">,
  made: Festival,
): Body<"manifest"> {
  const { accounts, token, stablecoin, vitals } = made;
  return {
    v: 1,
    type: "manifest",
    payload: {
      festival,
      ...(carriesOn === undefined ? {} : { carries_on: carriesOn }),
      roles: {
        coordinator: { [AGENTS.coordinator]: accounts.coordinator },
        inference: { [AGENTS.inference]: accounts.inference },
        defi: { [AGENTS.defi]: accounts.defi },
        desk: { [AGENTS.desk]: accounts.desk },
      },
      token,
      vitals,
      heartbeat_seconds: endowment.heartbeatSeconds,
      lost_seconds: endowment.lostSeconds,
      limits: {
        reward: MAX_REWARD,
        edition: endowment.maxEdition,
        attempts: ATTEMPTS,
        lease_seconds: endowment.leaseSeconds,
      },
      market: {
        fund: accounts.fund,
        token: stablecoin,
        pool: accounts.pool,
        fee_bps: Number(DESK_FEE_BPS),
        ...(noise === undefined || made.noise === null ? {} : { noise: noiseOf(noise, made.noise) }),
        limits: {
          max_trade: endowment.maxTrade,
          max_position: endowment.maxPosition,
          min_balance: TINYBARS_PER_HBAR,
          max_deviation_bps: 500,
          max_signal_age: 900,
          max_daily_volume: endowment.maxDailyVolume,
          max_drawdown_bps: 1_000,
          max_silence: endowment.maxSilenceSeconds,
        },
      },
    },
  };
}

function noiseOf({ seed, strengthBps, everySeconds }: NoiseSetup, account: AccountId) {
  return { account, seed, strength_bps: Number(strengthBps), every_seconds: everySeconds };
}

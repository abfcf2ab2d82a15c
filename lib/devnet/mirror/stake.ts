import { formatTimestamp, NANOS_PER_SECOND, secondsOf, type Timestamp } from "../../hedera/timestamp.ts";
import { ACCOUNT } from "../store/entities.ts";
import type { MirrorSource } from "./context.ts";
import type { Json } from "./json.ts";

const SECONDS_PER_DAY = 86_400n;
const STAKING_REWARD_ACCOUNT = 800n;

/** `GET /network/stake` of a network on which nobody stakes and nothing is paid for it: the UTC day, and what 0.0.800 holds. */
export function networkStake({ store, now }: MirrorSource): Json {
  const from: Timestamp = (secondsOf(now()) / SECONDS_PER_DAY) * SECONDS_PER_DAY * NANOS_PER_SECOND;
  const held = store.row(ACCOUNT, 'WHERE "id" = ?', [STAKING_REWARD_ACCOUNT])?.balance ?? 0n;
  return {
    max_stake_rewarded: 0,
    max_staking_reward_rate_per_hbar: 0,
    max_total_reward: 0,
    node_reward_fee_fraction: 0,
    reserved_staking_rewards: 0,
    reward_balance_threshold: 0,
    stake_total: 0,
    staking_period: {
      from: formatTimestamp(from),
      to: formatTimestamp(from + SECONDS_PER_DAY * NANOS_PER_SECOND),
    },
    staking_period_duration: 1_440,
    staking_periods_stored: 365,
    staking_reward_fee_fraction: 0,
    staking_reward_rate: 0,
    staking_start_threshold: 0,
    unreserved_staking_reward_balance: held,
  };
}

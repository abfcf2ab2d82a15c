import type { TokenUnits } from "../hedera/amount.ts";
import type { Body } from "./entry/entry.ts";

/** What a plan says of a task's reward. */
type Rewards = Pick<Body<"task_planned">["payload"], "reward" | "hold_reward">;
/** What a result says of itself. */
type Said = Pick<Body<"task_result">["payload"], "metrics">;

/** How a result says that there was a reason to do nothing. */
const HELD = "held";

/**
 * What a result that passes earns, in token units: the task's reward, or, where
 * the plan has one for it and the result's `outcome` is `held`, the smaller one
 * for having looked and left it.
 */
export function rewardOf({ reward, hold_reward }: Rewards, result: Said | null): TokenUnits {
  const held = result?.metrics?.outcome === HELD;
  return held ? (hold_reward ?? reward) : reward;
}

import { describe, expect, test } from "bun:test";
import { rewardOf } from "./reward.ts";

const held = { metrics: { outcome: "held" } };
const settled = { metrics: { outcome: "settled" } };

describe("what a result earns", () => {
  test("is the reward of its task", () => {
    expect(rewardOf({ reward: 150n }, settled)).toBe(150n);
    expect(rewardOf({ reward: 150n }, null)).toBe(150n);
    expect(rewardOf({ reward: 150n }, {})).toBe(150n);
  });

  test("is the plan's smaller one for a hold, if it has one", () => {
    expect(rewardOf({ reward: 150n, hold_reward: 50n }, held)).toBe(50n);
    expect(rewardOf({ reward: 150n, hold_reward: 50n }, settled)).toBe(150n);
    expect(rewardOf({ reward: 150n }, held)).toBe(150n);
  });
});

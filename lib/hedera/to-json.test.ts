import { expect, test } from "bun:test";
import { toJson } from "./to-json.ts";

test("amounts are written as decimal text, wherever they are", () => {
  expect(toJson({ amount: 9_007_199_254_740_993n, tasks: [{ reward: 0n }], count: 1 })).toBe(
    '{"amount":"9007199254740993","tasks":[{"reward":"0"}],"count":1}',
  );
});

test("what people read is indented", () => {
  expect(toJson({ amount: 5n }, 2)).toBe('{\n  "amount": "5"\n}');
});

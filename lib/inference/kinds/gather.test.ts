import { expect, test } from "bun:test";
import { syntheticRates } from "../synthetic.fixture.ts";
import { gather } from "./gather.ts";

test("gathering sums a series up", () => {
  const rates = [100, 90, 120].map((cents, hour) => ({
    hourStart: hour * 3_600,
    centEquivalent: cents,
    hbarEquivalent: 4,
  }));
  expect(gather.run({ rates })).toEqual({
    output: {
      engine: "embedded",
      model: "summary",
      version: "1",
      from: 0,
      to: 7_200,
      hours: 3,
      first_micro_usd: "250000",
      last_micro_usd: "300000",
      min_micro_usd: "225000",
      max_micro_usd: "300000",
      // printf '0,100,4\n3600,90,4\n7200,120,4\n' | sha256sum
      rates_sha256: "613c88aa7a8d661ee80fbc8dac322975d027acb69c6e12c0c5a5273cd32f6792",
    },
    metrics: { hours: 3 },
  });
});

test("a summary is short", () => {
  expect(JSON.stringify(gather.run({ rates: syntheticRates(168) }).output).length).toBeLessThan(300);
});

test("a series that isn't one is refused", () => {
  const rates = syntheticRates(5);
  expect(() => gather.run({ rates: [...rates].reverse() })).toThrow(
    expect.objectContaining({ code: "RATE_SERIES_INVALID" }),
  );
});

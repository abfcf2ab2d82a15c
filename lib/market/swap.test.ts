import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { executedSwapFault, type Legs, type SwapTerms, sameSwap, swapFault, swapLegs } from "./swap.ts";

const terms: SwapTerms = {
  side: "sell",
  hbar: 500n,
  tokens: 120n,
  fund: "0.0.1010",
  desk: "0.0.999",
  token: "0.0.1020",
};
const legs = swapLegs(terms);
const anyTerms = fc.record({
  side: fc.constantFrom("buy" as const, "sell" as const),
  hbar: fc.bigInt(1n, 5n * 10n ** 18n),
  tokens: fc.bigInt(1n, 9n * 10n ** 18n),
});

describe("a swap as transfers", () => {
  test("a sale sends the fund's HBAR and the desk's tokens, by account number", () => {
    expect(legs).toEqual({
      hbar: [
        { account: "0.0.999", amount: 500n },
        { account: "0.0.1010", amount: -500n },
      ],
      tokens: [
        { token: "0.0.1020", account: "0.0.999", amount: -120n },
        { token: "0.0.1020", account: "0.0.1010", amount: 120n },
      ],
    });
  });

  test("a purchase is the same with signs changed, and everything sums to zero", () => {
    fc.assert(
      fc.property(anyTerms, (amounts) => {
        const sum = (values: readonly { amount: bigint }[]) => values.reduce((s, leg) => s + leg.amount, 0n);
        const some = { ...terms, ...amounts };
        const other = swapLegs({ ...some, side: some.side === "buy" ? "sell" : "buy" });
        expect(sum(swapLegs(some).hbar)).toBe(0n);
        expect(sum(swapLegs(some).tokens)).toBe(0n);
        expect(swapLegs(some).hbar.map((leg) => -leg.amount)).toEqual(other.hbar.map((leg) => leg.amount));
        expect(sameSwap(some, swapLegs(some))).toBe(true);
        expect(sameSwap(some, other)).toBe(false);
      }),
    );
  });

  test.each([[{ ...terms, hbar: 0n }], [{ ...terms, tokens: -1n }], [{ ...terms, desk: terms.fund }]])(
    "%p is no swap",
    (wrong) => {
      expect(() => swapLegs(wrong)).toThrow(expect.objectContaining({ code: "SWAP_INVALID" }));
    },
  );
});

describe("a stored schedule", () => {
  test("is the swap in any order of legs", () => {
    expect(sameSwap(terms, { hbar: [...legs.hbar].reverse(), tokens: [...legs.tokens].reverse() })).toBe(
      true,
    );
  });

  const stranger = { account: "0.0.666" } as const;
  test.each<[string, Partial<Legs>]>([
    ["a worse price", { hbar: legs.hbar.map((leg) => ({ ...leg, amount: leg.amount * 2n })) }],
    ["another account", { hbar: legs.hbar.map((leg) => (leg.amount > 0n ? { ...leg, ...stranger } : leg)) }],
    ["another token", { tokens: legs.tokens.map((leg) => ({ ...leg, token: "0.0.1" })) }],
    ["no tokens", { tokens: [] }],
    ["no HBAR", { hbar: [] }],
    ["a leg too many", { hbar: [...legs.hbar, { ...stranger, amount: 1n }] }],
    ["every leg twice", { hbar: [...legs.hbar, ...legs.hbar] }],
    ["a leg of zero", { hbar: [...legs.hbar, { ...stranger, amount: 0n }] }],
  ])("with %s is not the swap, and the fault is named", (_, changed) => {
    expect(sameSwap(terms, { ...legs, ...changed })).toBe(false);
    expect(swapFault(terms, { ...legs, ...changed })).toMatch(
      /^(tinybars|token units): (no|unexpected) leg 0\.0\.\d+ -?\d+/,
    );
  });
});

describe("an executed swap", () => {
  const charge = { payer: "0.0.1005", fee: 30n } as const;
  const fees = [
    { account: "0.0.3", amount: 10n },
    { account: "0.0.98", amount: 20n },
  ] as const;
  const executed: Legs = { ...legs, hbar: [...legs.hbar, ...fees, { account: "0.0.1005", amount: -30n }] };

  test("is the swap with the network's fee beside it", () => {
    expect(executedSwapFault(terms, executed, charge)).toBeNull();
  });

  test("is the swap when a party paid the fee itself", () => {
    const byFund: Legs = {
      ...legs,
      hbar: [{ account: "0.0.1010", amount: -530n }, { account: "0.0.999", amount: 500n }, ...fees],
    };
    expect(executedSwapFault(terms, byFund, { ...charge, payer: "0.0.1010" })).toBeNull();
    expect(executedSwapFault(terms, byFund, charge)).not.toBeNull();
  });

  test("is not the swap if somebody else sent, the fee is another, or the legs differ", () => {
    const robbed = [
      ...executed.hbar,
      { account: "0.0.7", amount: -5n },
      { account: "0.0.8", amount: 5n },
    ] as const;
    expect(executedSwapFault(terms, { ...executed, hbar: robbed }, charge)).toBe(
      "0.0.7 sent 5 tinybars and is no party",
    );
    const minted = [...executed.hbar, { account: "0.0.8", amount: 1n }] as const;
    expect(executedSwapFault(terms, { ...executed, hbar: minted }, charge)).toBe(
      "31 tinybars went to others, the fee was 30",
    );
    expect(executedSwapFault(terms, executed, { ...charge, fee: 29n })).not.toBeNull();
    expect(executedSwapFault(terms, executed, { ...charge, fee: 31n })).not.toBeNull();
    expect(executedSwapFault({ ...terms, hbar: 499n }, executed, charge)).toMatch(/no leg/);
    expect(executedSwapFault(terms, { ...executed, tokens: [] }, charge)).toMatch(/no leg/);
  });
});

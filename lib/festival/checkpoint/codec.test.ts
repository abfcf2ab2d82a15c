import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { decodeValue, encodeValue } from "./codec.ts";

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.bigInt(),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("$n", "$b", "$m", "$$n", "$", "constructor")),
      tie("any"),
      { maxKeys: 4 },
    ),
    fc.array(fc.tuple(fc.string(), tie("any")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
  ),
})).any;

describe("the state's text", () => {
  test("reads back as the value that was written, whatever poses as a tag in it", () => {
    fc.assert(
      fc.property(value, (one) => expect(decodeValue(encodeValue(one))).toEqual(one)),
      { numRuns: 500 },
    );
  });

  test("is the same for equal values, and leaves out what is undefined", () => {
    expect(encodeValue({ b: 1, a: { d: 2n, c: undefined } })).toBe(encodeValue({ b: 1, a: { d: 2n } }));
  });

  test("keeps the order of keys: who comes first among agents, and what a judge compares, hangs on it", () => {
    const value = { b: 1, a: { d: 2n, c: new Map([["z", { y: 1, x: 2 }]]) } };
    expect(Bun.inspect(decodeValue(encodeValue(value)), { sorted: false })).toBe(
      Bun.inspect(value, { sorted: false }),
    );
  });

  test("keeps __proto__ a key like any other", () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":true}}');
    const read = decodeValue(encodeValue(hostile));
    expect(Object.hasOwn(read as object, "__proto__")).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

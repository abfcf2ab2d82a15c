import { describe, expect, test } from "bun:test";
import { parseJson } from "./json.ts";

describe("parseJson", () => {
  test("keeps an int64 beyond 2^53 exact, as a bigint", () => {
    expect(
      parseJson('{"amount": 9223372036854775807, "list": [-9223372036854775808, 9007199254740993]}'),
    ).toEqual({
      amount: 9223372036854775807n,
      list: [-9223372036854775808n, 9007199254740993n],
    });
  });

  test("leaves numbers that JavaScript can hold as they are", () => {
    expect(parseJson('{"a": 9007199254740991, "b": 1.5, "c": -3, "d": 0.1234567890123456}')).toEqual({
      a: 9007199254740991,
      b: 1.5,
      c: -3,
      d: 0.1234567890123456,
    });
  });

  test("leaves digits inside strings alone", () => {
    expect(parseJson('{"id": "9223372036854775807", "9223372036854775806": true}')).toEqual({
      id: "9223372036854775807",
      "9223372036854775806": true,
    });
  });

  test("throws on what is not JSON", () => {
    expect(() => parseJson('{"a": 12345678901234567890')).toThrow(SyntaxError);
  });
});

import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Json, stringifyJson } from "./json.ts";

test("64-bit integers are bare numbers, to the last digit", () => {
  const value: Json = { amount: 2n ** 63n - 1n, list: [-(2n ** 63n), 1, "1", null, true] };
  expect(stringifyJson(value)).toBe(
    '{"amount":9223372036854775807,"list":[-9223372036854775808,1,"1",null,true]}',
  );
});

test("everything else is written as JSON.stringify writes it", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(stringifyJson(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

import { expect, test } from "bun:test";
import { nextLink, type PageKey } from "./page.ts";
import type { Order } from "./parameters.ts";
import { rawQuery } from "./query.ts";

function link(query: string, order: Order, ...keys: PageKey[]): string | null {
  return nextLink({ path: "/list", query: rawQuery(new URL(`http://x/list?${query}`)) }, order, keys);
}

const id = (value: string): PageKey => ({ parameter: "account.id", value });

test.each<[string, Order, string | null]>([
  ["", "asc", "/list?account.id=gt:0.0.7"],
  ["limit=2", "desc", "/list?limit=2&account.id=lt:0.0.7"],
  ["account.id=gt:3&limit=2", "asc", "/list?limit=2&account.id=gt:0.0.7"],
  ["account.id=gte:3&account.id=lt:9&limit=2", "asc", "/list?account.id=lt:9&account.id=gt:0.0.7&limit=2"],
  ["account.id=lte:9&limit=2", "asc", "/list?account.id=lte:9&account.id=gt:0.0.7&limit=2"],
  ["account.id=lte:7&limit=2", "asc", null],
  ["account.id=lt:8", "asc", null],
  ["account.id=lt:9", "asc", "/list?account.id=lt:9&account.id=gt:0.0.7"],
  ["account.id=gte:7", "desc", null],
  ["account.id=7", "asc", null],
  ["account.id=7&account.id=9", "asc", "/list?account.id=7&account.id=9&account.id=gt:0.0.7"],
  ["account.id=ne:5", "asc", "/list?account.id=ne:5&account.id=gt:0.0.7"],
  ["name=a b", "asc", "/list?name=a%20b&account.id=gt:0.0.7"],
])("after %p in order %s comes %p", (query, order, expected) => {
  expect(link(query, order, id("0.0.7"))).toBe(expected);
});

test("times are bounds too", () => {
  const time = { parameter: "timestamp", value: "5.000000000" };
  expect(link("timestamp=lt:5.000000001", "asc", time)).toBeNull();
  expect(link("timestamp=lt:5.000000002", "asc", time)).toBe(
    "/list?timestamp=lt:5.000000002&timestamp=gt:5.000000000",
  );
});

test("a second key goes on within the value of the first", () => {
  const keys = [
    { parameter: "timestamp", value: "5.0", inclusive: true },
    { parameter: "index", value: "1" },
  ];
  expect(link("limit=1", "desc", ...keys)).toBe("/list?limit=1&timestamp=lte:5.0&index=lt:1");
});

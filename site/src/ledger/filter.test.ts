import { describe, expect, test } from "bun:test";
import { ACCOUNTS, TestLog } from "../../../lib/festival/testing/log.ts";
import { begin, play } from "../../../lib/festival/testing/player.ts";
import { EMPTY_LOG, readOn, typeOf } from "./feed.ts";
import { censusOf, filterEntries, NO_FILTER, NOT_ACCEPTED } from "./filter.ts";

const log = new TestLog();
begin(log);
for (let move = 0; move < 30; move++) play(log, { pick: 0, way: 0, wait: 1 });
log.submit(new TextEncoder().encode("<i>Rubbish</i>"), ACCOUNTS.stranger);
const { entries } = readOn(EMPTY_LOG, log.messages);

const numbers = (type: string, text: string) =>
  filterEntries(entries, { type, text }).map(({ message }) => message.sequence);

describe("a filter", () => {
  test("that asks for nothing lets everything through", () => {
    expect(filterEntries(entries, NO_FILTER)).toBe(entries);
  });

  test("lets one type through", () => {
    const found = filterEntries(entries, { type: "payment_settled", text: "" });
    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found.map(typeOf))).toEqual(new Set(["payment_settled"]));
  });

  test("finds what was not accepted", () => {
    expect(numbers(NOT_ACCEPTED, "")).toEqual([log.messages.length]);
  });

  test("wants all words, wherever they stand and however they are written", () => {
    expect(numbers("", "RUBBISH 0.0.6666")).toEqual([log.messages.length]);
    expect(numbers("", "rubbish inference")).toEqual([]);
  });

  test("finds an entry by who said it, and by its number", () => {
    expect(numbers("manifest", "owner")).toEqual([1]);
    expect(numbers("", "#1 owner")).toEqual([1]);
  });
});

test("the census counts every type once, by name", () => {
  const { types, notAccepted } = censusOf(entries);
  expect(types.map(({ type }) => type)).toEqual(types.map(({ type }) => type).toSorted());
  expect(types.find(({ type }) => type === "task_planned")?.count).toBe(5);
  expect(notAccepted).toBe(1);
});

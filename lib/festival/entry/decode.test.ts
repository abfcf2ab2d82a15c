import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { AccountId } from "../../hedera/id.ts";
import type { Message } from "../../mirror/message.ts";
import { BODIES } from "../testing/bodies.ts";
import { START } from "../testing/log.ts";
import { decode } from "./decode.ts";
import { ENTRY_TYPES, type EntryName, encodeEntry, isEntryName } from "./entry.ts";

const PAYER: AccountId = "0.0.1002";
const NAMES = Object.keys(ENTRY_TYPES).filter(isEntryName);

function message(bytes: Uint8Array, changes: Partial<Message> = {}): Message {
  return {
    topic: "0.0.3001",
    sequence: 7,
    timestamp: START,
    payer: PAYER,
    bytes,
    runningHash: new Uint8Array(48),
    transactionId: { payer: PAYER, validStart: START - 1n, scheduled: false, nonce: 0 },
    chunk: { number: 1, total: 1 },
    ...changes,
  };
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const say = (value: unknown) => decode(message(utf8(JSON.stringify(value))));
const result = (payload: object) => ({ v: 1, type: "task_result", re: "3.1", task_id: "1.1.1", payload });
const payment = (payload: object) => ({
  v: 1,
  type: "payment_settled",
  re: "3.1",
  task_id: "1.1.1",
  to: "inference-001",
  payload: { amount: "10", token_id: "0.0.5", transfer: "0.0.2@1.000000001", criteria: [], ...payload },
});

describe("every type of entry", () => {
  test.each(NAMES)("%s is read as it was written", (name: EntryName) => {
    const body = BODIES[name];
    expect(decode(message(encodeEntry(body)))).toEqual({
      kind: "entry",
      // The type links name and body; here they come from one table.
      entry: expect.objectContaining({ name, body }),
    });
  });

  test.each(NAMES)("%s keeps to what it knows: fields from the future are ignored", (name: EntryName) => {
    const wire: unknown = JSON.parse(new TextDecoder().decode(encodeEntry(BODIES[name])));
    expect(say(Object.assign({}, wire, { brand_new: { deep: [1] } }))).toMatchObject({
      kind: "entry",
      entry: { body: BODIES[name] },
    });
  });

  test.each(NAMES)("%s without one of its fields is malformed", (name: EntryName) => {
    const wire: Record<string, unknown> = JSON.parse(new TextDecoder().decode(encodeEntry(BODIES[name])));
    const optional: Readonly<Partial<Record<EntryName, readonly string[]>>> = {
      pause: ["payload"],
      resume: ["payload"],
      task_planned: ["re"],
      task_withdrawn: ["payload"],
    };
    const free = ["v", "type", ...(optional[name] ?? [])];
    for (const field of Object.keys(wire).filter((one) => !free.includes(one))) {
      const { [field]: _, ...rest } = wire;
      expect(say(rest)).toMatchObject({ kind: "malformed", problem: expect.stringContaining(field) });
    }
  });
});

describe("what consensus says of an entry", () => {
  const tick = utf8('{"v":1,"type":"tick"}');
  const stamp = (changes: Partial<Message>) => decode(message(tick, changes));

  test("is its number, time, payer and transaction id", () => {
    const id = { payer: PAYER, validStart: START - 1n };
    expect(stamp({})).toMatchObject({
      entry: { stamp: { sequence: 7, timestamp: START, payer: PAYER, transactionId: id, bytes: tick } },
    });
  });

  test.each([
    ["a scheduled transaction", { payer: PAYER, validStart: START, scheduled: true, nonce: 0 }],
    ["a child transaction", { payer: PAYER, validStart: START, scheduled: false, nonce: 1 }],
    ["nobody knows which", null],
  ])("has no transaction id that discharges anything where it came by %s", (_, transactionId) => {
    expect(stamp({ transactionId })).toMatchObject({ entry: { stamp: { transactionId: null } } });
  });

  test("is not enough without chunk info, and chunks are not put together", () => {
    expect(stamp({ chunk: null })).toEqual({ kind: "malformed", problem: "without chunk info" });
    expect(stamp({ chunk: { number: 1, total: 2 } })).toEqual({ kind: "malformed", problem: "chunked" });
  });
});

describe("hostile bytes", () => {
  const nest = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

  test.each([
    ["nothing", ""],
    ["prose", "hello"],
    ["half an entry", '{"v":1,"type":"ti'],
    ["NaN", '{"v":NaN,"type":"tick"}'],
    ["two entries", '{"v":1,"type":"tick"}{"v":1,"type":"tick"}'],
    ["1,024 bytes of depth", nest(512)],
    ["a list", "[1]"],
    ["null", "null"],
    ["a number that is infinite", '{"v":1e999,"type":"tick"}'],
    ["a version that is half", '{"v":1.5,"type":"tick"}'],
    ["a version in text", '{"v":"1","type":"tick"}'],
    ["an entry only in its prototype", '{"__proto__":{"v":1,"type":"tick"}}'],
    ["an endless name", JSON.stringify({ v: 1, type: "x".repeat(65) })],
  ])("%s is malformed", (_, text) => {
    expect(decode(message(utf8(text)))).toMatchObject({ kind: "malformed" });
  });

  test("that are not UTF-8 are malformed, even inside of a string", () => {
    const bytes = utf8('{"v":1,"type":"pause","payload":{"reason":"?"}}');
    bytes[bytes.indexOf(0x3f)] = 0xff;
    expect(decode(message(bytes))).toEqual({ kind: "malformed", problem: "not JSON in UTF-8" });
  });

  test("over 1,024 are not even parsed", () => {
    const padded = (size: number) => utf8('{"v":1,"type":"tick"}'.padEnd(size));
    expect(decode(message(padded(1_024))).kind).toBe("entry");
    expect(decode(message(padded(1_025)))).toEqual({ kind: "malformed", problem: "over 1024 bytes" });
    expect(decode(message(utf8(nest(500_000)))).kind).toBe("malformed");
  });

  test("never make it throw", () => {
    const near = fc.constantFrom(...NAMES).chain((name) => {
      const wire = new TextDecoder().decode(encodeEntry(BODIES[name]));
      return fc
        .tuple(fc.nat(wire.length), fc.nat(3), fc.constantFrom("0", '"', "-", "9", ".", "{", "}", "@", "é"))
        .map(([at, cut, text]) => utf8(wire.slice(0, at) + text + wire.slice(at + cut)));
    });
    fc.assert(
      fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 300 }), fc.json().map(utf8)), (bytes) => {
        expect(["entry", "unknown", "malformed"]).toContain(decode(message(bytes)).kind);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("versions and types of others", () => {
  test.each([
    ["a type that nobody knows", { v: 1, type: "brand_new" }, "brand_new"],
    ["a later version", { v: 2, type: "tick" }, "tick"],
    ["version 0", { v: 0, type: "tick" }, "tick"],
    ["the name of a built-in", { v: 1, type: "constructor" }, "constructor"],
    ["the name of the prototype", { v: 1, type: "__proto__" }, "__proto__"],
  ])("%s is unknown, not malformed", (_, value, name) => {
    expect(say(value)).toEqual({ kind: "unknown", name });
  });
});

describe("hostile fields", () => {
  test.each([
    ["a Cyrillic letter in an agent's name", payment({}), { to: "іnference-001" }],
    ["a full-width digit in a task's id", payment({}), { task_id: "1.1.１" }],
    ["a task id with a line break", payment({}), { task_id: "1.1.1\n" }],
    ["an obligation that begins with 0", payment({}), { re: "03.1" }],
    ["an obligation without a number", payment({}), { re: "3" }],
    ["an obligation that is a number", payment({}), { re: 3.1 }],
    ["an obligation over all bounds", payment({}), { re: "9".repeat(17).concat(".1") }],
  ])("%s is malformed", (_, body, change) => {
    expect(say({ ...body, ...change })).toMatchObject({ kind: "malformed" });
  });

  test.each([
    ["an amount that is a number", { amount: 10 }],
    ["a negative amount", { amount: "-10" }],
    ["an amount with a fraction", { amount: "1.5" }],
    ["an amount in exponents", { amount: "1e3" }],
    ["an amount with a leading zero", { amount: "010" }],
    ["an amount of 20 digits", { amount: "9".repeat(20) }],
    ["a token id with leading zeros", { token_id: "0.0.007" }],
    ["a token id in Arabic digits", { token_id: "0.0.٥" }],
    ["a transfer id with leading zeros", { transfer: "00.0.2@1.000000001" }],
    ["a transfer id of 20 digits", { transfer: `0.0.${"9".repeat(20)}@1.000000001` }],
    ["a transfer id with a short fraction", { transfer: "0.0.2@1.1" }],
    ["a transfer id out of all time", { transfer: `0.0.2@${"9".repeat(12)}.000000001` }],
    ["a criterion without verdict", { criteria: [{ name: "x" }] }],
  ])("%s is malformed", (_, change) => {
    expect(say(payment(change))).toMatchObject({ kind: "malformed" });
  });

  test.each([
    ["a metric that is null", { status: "completed", metrics: { mape: null } }],
    ["a metric that is a list", { status: "completed", metrics: { mape: [1] } }],
    ["an output that is text", { status: "completed", output: "x" }],
    ["a status that is new", { status: "done" }],
    ["a duration below zero", { status: "completed", duration_ms: -1 }],
    ["a duration with a fraction", { status: "completed", duration_ms: 1.5 }],
    ["an error of 201 letters", { status: "failed", error: "x".repeat(201) }],
  ])("%s is malformed", (_, payload) => {
    expect(say(result(payload))).toMatchObject({ kind: "malformed" });
  });

  test("a prototype in the JSON is nobody's prototype", () => {
    const text = JSON.stringify(result({ status: "completed", metrics: { mape: 1 }, output: { a: 1 } }));
    const bytes = utf8(
      text.replaceAll('"mape"', '"__proto__":5,"mape"').replace('"a"', '"__proto__":{"b":2},"a"'),
    );
    const decoded = decode(message(bytes));
    expect(decoded).toMatchObject({ kind: "entry", entry: { body: { payload: { metrics: { mape: 1 } } } } });
    if (decoded.kind !== "entry" || decoded.entry.name !== "task_result") throw new Error("not a result");
    expect("b" in (decoded.entry.body.payload.output ?? {})).toBe(false);
    expect(Object.hasOwn(Object.prototype, "b")).toBe(false);
  });
});

import { expect, test } from "bun:test";
import { Complaints } from "./complaints.ts";

const pino = (level: number, msg: string, more: object = {}) =>
  JSON.stringify({ level, name: "desk-001", msg, ...more });

test("counts what is said again, and keeps how it was said first", () => {
  const complaints = new Complaints();
  complaints.add(pino(40, "waits", { try: 1 }));
  complaints.add(pino(40, "waits", { try: 2 }));
  complaints.add(pino(50, "was refused by the network"));
  expect(complaints.all[0]).toEqual({
    level: "warn",
    agent: "desk-001",
    message: "waits",
    times: 2,
    first: pino(40, "waits", { try: 1 }),
  });
  expect([complaints.count("warn"), complaints.count("error"), complaints.count("other")]).toEqual([2, 1, 0]);
});

test("a stack trace is no log line, and counts as such", () => {
  const complaints = new Complaints();
  complaints.add("error: Unhandled rejection at line 12");
  complaints.add("error: Unhandled rejection at line 13");
  complaints.add('"text"');
  expect(complaints.count("other")).toBe(3);
  expect(complaints.all[0]?.times).toBe(2);
});

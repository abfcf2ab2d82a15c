import { expect, test } from "bun:test";
import * as z from "zod/mini";
import { addSeconds } from "../../hedera/timestamp.ts";
import { NOW } from "../testing/alarms.ts";
import { type Alarm, alarm } from "./alarm.ts";
import {
  type Memory,
  memorySchema,
  NO_MEMORY,
  type Notice,
  noticesOf,
  remember,
  writeMemory,
} from "./notice.ts";

const silent = alarm("agent_silent", "desk-001", "desk-001 was last heard 60 s ago");
const low = alarm("low_runway", "desk-001", "it lasts 3 days");

/** Plays looks one after the other, a minute apart, and returns what each was worth telling. */
function told(...looks: readonly (readonly Alarm[])[]): readonly (readonly Notice[])[] {
  let memory: Memory = NO_MEMORY;
  return looks.map((alarms, at) => {
    const notices = noticesOf(memory, alarms, addSeconds(NOW, at * 60));
    memory = { ...memory, firing: remember(memory, notices) };
    return notices;
  });
}

const inShort = (looks: readonly (readonly Notice[])[]) =>
  looks.map((notices) => notices.map(({ kind, name }) => `${kind} ${name}`));

test("an alarm is told once when it begins and once when it is over, and again if it comes back", () => {
  expect(inShort(told([], [silent], [silent], [silent, low], [low], [], [silent]))).toEqual([
    [],
    ["firing agent_silent"],
    [],
    ["firing low_runway"],
    ["recovered agent_silent"],
    ["recovered low_runway"],
    ["firing agent_silent"],
  ]);
});

test("two of a name about different things are two alarms", () => {
  const other = alarm("agent_silent", "defi-001", "defi-001 was never heard");
  expect(inShort(told([silent, other], [other]))).toEqual([
    ["firing agent_silent", "firing agent_silent"],
    ["recovered agent_silent"],
  ]);
});

test("a message that changes is nothing new; one that becomes graver is, and keeps its beginning", () => {
  const worse = alarm("low_runway", "desk-001", "it lasts 0 days", "critical");
  const [, same, graver, lighter, over] = told(
    [low],
    [{ ...low, message: "it lasts 2 days" }],
    [worse],
    [low],
    [],
  );
  expect([same, lighter]).toEqual([[], []]);
  expect(graver).toMatchObject([{ kind: "firing", severity: "critical", since: NOW }]);
  expect(over).toMatchObject([{ kind: "recovered", since: NOW, at: addSeconds(NOW, 240) }]);
});

test("what could not be told is not remembered, and is told at the next look", () => {
  const notices = noticesOf(NO_MEMORY, [silent, low], NOW);
  const memory = { ...NO_MEMORY, firing: remember(NO_MEMORY, notices.slice(0, 1)) };
  expect(noticesOf(memory, [silent, low], NOW).map(({ name }) => name)).toEqual(["low_runway"]);
  const over = noticesOf(memory, [], NOW);
  expect(noticesOf({ firing: remember(memory, []) }, [], NOW)).toEqual(over);
});

test("a memory is the same after it was written and read", () => {
  const firing = remember(NO_MEMORY, noticesOf(NO_MEMORY, [silent, low], NOW));
  const memory: Memory = {
    v: 1,
    firing,
    failures: 2,
    seen: { log: "0.0.7", sequence: 9, running_hash: "ab" },
  };
  expect(z.decode(memorySchema, JSON.parse(writeMemory(memory)))).toEqual(memory);
});

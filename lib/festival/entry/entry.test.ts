import { describe, expect, test } from "bun:test";
import { FestError } from "../../hedera/error.ts";
import { BODIES } from "../testing/bodies.ts";
import { type Body, ENTRY_TYPES, encodeEntry, isEntryName, MAX_ENTRY_BYTES } from "./entry.ts";

const written = (body: Body) => new TextDecoder().decode(encodeEntry(body));

function codeOf(write: () => unknown): string {
  try {
    write();
  } catch (error) {
    if (error instanceof FestError) return error.code;
    throw error;
  }
  return "written";
}

const pause = (reason: string): Body<"pause"> => ({ v: 1, type: "pause", payload: { reason } });
const result = (payload: Partial<Body<"task_result">["payload"]>): Body<"task_result"> => ({
  ...BODIES.task_result,
  payload: { status: "completed", ...payload },
});

describe("an entry on the wire", () => {
  test("is compact JSON, amounts in decimal text, ids in the SDK's form, nothing that is absent", () => {
    const { quote, payment_settled: payment } = BODIES;
    expect(written(quote)).toBe(
      '{"v":1,"re":"12.3","task_id":"1.1.1","type":"quote","payload":' +
        '{"side":"buy","hbar":"5000000000","tokens":"450000000","expires":"1700000060.000000000"}}',
    );
    expect(written(payment)).toContain('"amount":"100"');
    expect(written(payment)).toContain('"transfer":"0.0.1002@1700000000.000000007"');
    expect(written({ v: 1, type: "pause" })).toBe('{"v":1,"type":"pause"}');
  });

  test("of every usual kind stays under 350 bytes, all its fields included", () => {
    const long = new Set([
      "manifest",
      "festival_plan",
      "task_planned",
      "task_result",
      "quality_gate",
      "payment_settled",
      "payment_scheduled",
      "pnl_report",
    ]);
    const usual = Object.values(BODIES).filter(
      ({ type }) => !long.has(type) && !type.startsWith("risk_check"),
    );
    for (const body of usual) expect(encodeEntry(body).length).toBeLessThan(350);
  });
});

describe("an entry is refused before it is sent", () => {
  test("over 1,024 bytes, counted in UTF-8", () => {
    const room = MAX_ENTRY_BYTES - encodeEntry(result({ output: { x: "" } })).length;
    expect(encodeEntry(result({ output: { x: "a".repeat(room) } }))).toHaveLength(MAX_ENTRY_BYTES);
    expect(codeOf(() => encodeEntry(result({ output: { x: "a".repeat(room + 1) } })))).toBe("ENTRY_TOO_LONG");
    expect(codeOf(() => encodeEntry(result({ output: { x: "大".repeat(room / 2) } })))).toBe(
      "ENTRY_TOO_LONG",
    );
  });

  test.each([
    ["text of 201 letters", pause("x".repeat(201))],
    ["a metric that is not a number", result({ metrics: { mape: Number.NaN } })],
    ["a metric without bounds", result({ metrics: { mape: Number.POSITIVE_INFINITY } })],
    ["a negative amount", { ...BODIES.quote_requested, payload: { side: "buy" as const, hbar: -1n } }],
    [
      "an amount of 20 digits",
      { ...BODIES.quote_requested, payload: { side: "buy" as const, hbar: 10n ** 19n } },
    ],
    ["a name that nobody may have", { ...BODIES.task_assignment, to: "Inference" }],
    ["no time at all", { ...BODIES.task_assignment, payload: { attempt: 1, lease_seconds: 0 } }],
    ["half an attempt", { ...BODIES.task_assignment, payload: { attempt: 1.5, lease_seconds: 60 } }],
    [
      "a time before 1970",
      { ...BODIES.trade_settled, payload: { ...BODIES.trade_settled.payload, executed: -1n } },
    ],
  ])("with %s", (_, body) => {
    expect(codeOf(() => encodeEntry(body))).toBe("ENTRY_INVALID");
  });
});

describe("the types", () => {
  test("are known by their own names only", () => {
    expect(isEntryName("tick")).toBe(true);
    for (const name of ["toString", "__proto__", "Tick", "tick ", ""]) expect(isEntryName(name)).toBe(false);
  });

  test("that move money are the coordinator's alone; the owner alone binds roles and pauses", () => {
    const by = (speaker: string) =>
      Object.entries(ENTRY_TYPES).flatMap(([name, type]) => (type.by === speaker ? [name] : []));
    expect(by("owner")).toEqual(["manifest", "pause", "resume", "task_withdrawn", "payment_approved"]);
    expect(by("coordinator")).toEqual(
      expect.arrayContaining(["payment_settled", "payment_failed", "quality_gate", "risk_check_approved"]),
    );
    expect(by("worker")).toEqual(["status_update"]);
    expect(by("doer")).toEqual(["task_result"]);
    expect(by("planner")).toEqual(["task_planned"]);
    expect(by("agent")).toEqual(["heartbeat", "agent_started", "agent_stopped", "agent_error", "agent_lost"]);
  });
});

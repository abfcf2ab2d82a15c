import { describe, expect, test } from "bun:test";
import { type Body, encodeEntry } from "../../../lib/festival/entry/entry.ts";
import { BODIES } from "../../../lib/festival/testing/bodies.ts";
import { ACCOUNTS, MANIFEST, TestLog } from "../../../lib/festival/testing/log.ts";
import type { AccountId } from "../../../lib/hedera/id.ts";
import { BEATS, NO_VITALS, observe, vitalsAt, withOlderReports } from "./vitals.ts";

const log = new TestLog();
log.say(MANIFEST, ACCOUNTS.owner);

function heartbeat(agent_id: string, sequence = 1): Body<"heartbeat"> {
  const counts = { uptime_seconds: 5, completed_tasks: 1, failed_tasks: 0, rss_mb: 90, sequence };
  return { v: 1, type: "heartbeat", payload: { agent_id, status: "idle", ...counts } };
}

/** The vitals after what these accounts said on a topic of their own. */
function heard(...said: readonly (readonly [Body | string, AccountId])[]) {
  const topic = new TestLog();
  for (const [body, payer] of said) {
    topic.advance(5);
    topic.submit(typeof body === "string" ? new TextEncoder().encode(body) : encodeEntry(body), payer);
  }
  return { view: observe(NO_VITALS, topic.messages, log.state), messages: topic.messages };
}

describe("the vitals", () => {
  test("hold an agent's last heartbeat and when it reached consensus", () => {
    const { view, messages } = heard(
      [heartbeat("inference-001", 1), ACCOUNTS.inference],
      [heartbeat("inference-001", 2), ACCOUNTS.inference],
    );
    const agent = view.agents.get("inference-001");
    expect(agent?.last?.beat.sequence).toBe(2);
    expect(agent?.last?.timestamp).toBe(messages[1]?.timestamp ?? -1n);
    expect(agent?.beats).toHaveLength(2);
  });

  test("do not hold what one agent says of another, nor what a stranger says", () => {
    const { view } = heard(
      [heartbeat("inference-001"), ACCOUNTS.defi],
      [heartbeat("inference-001"), ACCOUNTS.stranger],
      [heartbeat("nobody"), ACCOUNTS.inference],
    );
    expect(view.agents.size).toBe(0);
    expect(view.sequence).toBe(3);
  });

  test("keep what the fund's own agent reports of its profit, and nobody else's word", () => {
    const report = BODIES.pnl_report;
    const { view } = heard([report, ACCOUNTS.defi], [report, ACCOUNTS.inference]);
    expect(view.reports.map(({ body }) => body.payload)).toEqual([report.payload]);
  });

  test("take in a report from before their messages, once, and keep it where messages end", () => {
    const older = heard([BODIES.pnl_report, ACCOUNTS.defi], [heartbeat("defi-001"), ACCOUNTS.defi]);
    const view = observe(NO_VITALS, older.messages.slice(1), log.state);
    expect(view.reports).toEqual([]);
    const found = withOlderReports(view, older.messages, log.state);
    expect(found.reports).toEqual(older.view.reports);
    expect(withOlderReports(found, older.messages, log.state).reports).toHaveLength(1);
    const said = older.messages[0]?.timestamp ?? 0n;
    expect(vitalsAt(found, log.state, said).reports).toHaveLength(1);
    expect(vitalsAt(found, log.state, said - 1n).reports).toEqual([]);
  });

  test("pass over what is no entry", () => {
    const { view } = heard(["<b>", ACCOUNTS.inference], [heartbeat("inference-001"), ACCOUNTS.inference]);
    expect([...view.agents.keys()]).toEqual(["inference-001"]);
  });

  test("know that an agent stopped, and that it started again", () => {
    const stopped: Body = { v: 1, type: "agent_stopped", payload: { agent_id: "defi-001" } };
    const started: Body = { v: 1, type: "agent_started", payload: { agent_id: "defi-001" } };
    const once = heard([stopped, ACCOUNTS.defi]);
    expect(once.view.agents.get("defi-001")?.stopped).toBe(once.messages[0]?.timestamp ?? null);
    const again = heard([stopped, ACCOUNTS.defi], [started, ACCOUNTS.defi]);
    expect(again.view.agents.get("defi-001")?.stopped).toBeNull();
  });

  test("know that the network calls an agent lost, until it is heard of again", () => {
    const lost: Body = { v: 1, type: "agent_lost", payload: { agent_id: "defi-001", started: 1n } };
    const once = heard([heartbeat("defi-001"), ACCOUNTS.defi], [lost, ACCOUNTS.defi]);
    expect(once.view.agents.get("defi-001")?.lost).toBe(once.messages[1]?.timestamp ?? null);
    const again = heard([lost, ACCOUNTS.defi], [heartbeat("defi-001"), ACCOUNTS.defi]);
    expect(again.view.agents.get("defi-001")?.lost).toBeNull();
  });

  test("keep an agent's last error", () => {
    const payload = { agent_id: "defi-001", code: "RATE", message: "no rate" };
    const { view } = heard([{ v: 1, type: "agent_error", payload }, ACCOUNTS.defi]);
    expect(view.agents.get("defi-001")?.error).toMatchObject({ code: "RATE", message: "no rate" });
  });

  test("do not grow for ever", () => {
    const many = Array.from({ length: BEATS + 10 }, () => [heartbeat("desk-001"), ACCOUNTS.desk] as const);
    expect(heard(...many).view.agents.get("desk-001")?.beats).toHaveLength(BEATS);
  });
});

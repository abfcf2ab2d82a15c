import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { ALARMS, alarmAnchor } from "../../lib/festival/alarm/alarm.ts";
import { judge } from "../../lib/festival/alarm/judge.ts";
import { type Memory, NO_MEMORY, noticesOf, remember } from "../../lib/festival/alarm/notice.ts";
import { DEFAULT_THRESHOLDS, type Sight } from "../../lib/festival/alarm/sight.ts";
import { SCENARIOS } from "../../lib/festival/testing/alarms.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { Secret } from "../../lib/hedera/secret.ts";
import { FORMATS, type Origin } from "./body.ts";
import { send } from "./webhook.ts";

/** What the receiver was sent. */
interface Received {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

const received: Received[] = [];
let status = 200;
const receiver = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async (request) => {
    const { pathname: path } = new URL(request.url);
    received.push({ path, headers: request.headers, body: await request.text() });
    return new Response("ok", { status, headers: { location: "/elsewhere" } });
  },
});
afterAll(() => receiver.stop(true));
afterEach(() => {
  received.length = 0;
  status = 200;
});

const TOKEN = "T0K3N-that-nobody-may-see";
const url = new Secret(`http://127.0.0.1:${receiver.port}/${TOKEN}`);
const ORIGIN: Origin = { festival: "Desk & <Co>", log: "0.0.3001", runbook: "https://example.org/ops" };

/** Looks at sights one after the other, and sends what each is worth telling. */
async function tellAll(format: (typeof FORMATS)[number], sights: readonly Sight[]): Promise<void> {
  let memory: Memory = NO_MEMORY;
  for (const sight of sights) {
    const notices = noticesOf(memory, judge(sight, DEFAULT_THRESHOLDS), sight.now);
    for (const notice of notices) await send({ url, format }, notice, ORIGIN);
    memory = { ...memory, firing: remember(memory, notices) };
  }
}

/** Header and body of what was sent, as what a person or program reads of it. */
const READ = {
  slack: ({ body }: Received) => JSON.parse(body).blocks[0].text.text,
  discord: ({ body }: Received) => {
    const [embed] = JSON.parse(body).embeds;
    return `${embed.title}\n${embed.description}\n${embed.footer.text}\n${embed.url}`;
  },
  ntfy: ({ headers, body }: Received) => `${headers.get("title")}\n${body}\n${headers.get("click")}`,
  json: ({ body }: Received) => {
    const { kind, title, message, festival, log, runbook } = JSON.parse(body);
    return `${kind === "recovered" ? "Over: " : ""}${title}\n${message}\n${festival}, log ${log}\n${runbook}`;
  },
} as const;

describe.each(FORMATS)("as %s", (format) => {
  const names = Object.entries(SCENARIOS);
  test.each(names)("%s is told once when it begins and once when it is over", async (name, { bad, well }) => {
    const alarms = judge(bad, DEFAULT_THRESHOLDS);
    await tellAll(format, [bad, bad, well, well]);
    expect(received).toHaveLength(2 * alarms.length);
    const texts = received.map(READ[format]);
    expect(texts.map((text) => text.includes("Over: "))).toEqual([
      ...alarms.map(() => false),
      ...alarms.map(() => true),
    ]);
    const [known] = alarms;
    if (known === undefined) throw new Error(`${name} does not fire`);
    for (const text of texts) {
      expect(text).toContain(ALARMS[known.name].title);
      expect(text).toContain(`https://example.org/ops#${alarmAnchor(known.name)}`);
      expect(text).toContain("log 0.0.3001");
    }
    expect(texts[0]).toContain(known.message);
  });
});

describe("a body", () => {
  const { bad } = SCENARIOS.agent_silent;

  test("for Slack escapes what Slack would read as its own", async () => {
    await tellAll("slack", [bad]);
    const { text, blocks } = JSON.parse(received[0]?.body ?? "");
    expect(text).toContain("Desk &amp; &lt;Co&gt;, log 0.0.3001");
    expect(text).toContain("<https://example.org/ops#alarm-agent-silent|What to do>");
    expect(blocks).toEqual([{ type: "section", text: { type: "mrkdwn", text } }]);
    expect(received[0]?.headers.get("content-type")).toBe("application/json");
  });

  test("for Discord mentions nobody and is coloured by how grave it is", async () => {
    await tellAll("discord", [bad, SCENARIOS.agent_silent.well]);
    const [firing, over] = received.map(({ body }) => JSON.parse(body));
    expect(firing).toMatchObject({ allowed_mentions: { parse: [] }, embeds: [{ color: 0xc0392b }] });
    expect(over).toMatchObject({ embeds: [{ color: 0x1e8449, title: "Over: An agent is silent" }] });
    expect(Number.isNaN(Date.parse(firing.embeds[0].timestamp))).toBe(false);
  });

  test("for ntfy is plain text, with title, priority and tags in the headers", async () => {
    await tellAll("ntfy", [bad, SCENARIOS.agent_silent.well]);
    const [firing, over] = received;
    expect(firing?.headers.get("title")).toBe("CRITICAL: An agent is silent");
    expect([firing?.headers.get("priority"), over?.headers.get("priority")]).toEqual(["urgent", "default"]);
    expect(firing?.headers.get("tags")).toBe("rotating_light");
    expect(firing?.body).toBe("inference-001 was never heard\nDesk & <Co>, log 0.0.3001");
  });

  test("as JSON has every field that a program needs", async () => {
    await tellAll("json", [bad]);
    expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({
      kind: "firing",
      name: "agent_silent",
      about: "inference-001",
      severity: "critical",
      since: expect.stringMatching(/^\d+\.\d{9}$/),
      festival: ORIGIN.festival,
    });
  });
});

describe("a webhook that does not take a notice", () => {
  const { bad } = SCENARIOS.chain_gap;

  test.each([500, 404, 302])("with %d is an error that does not quote the address", async (answer) => {
    status = answer;
    const failure = await tellAll("json", [bad]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FestError);
    expect(failure).toMatchObject({
      code: "WEBHOOK_FAILED",
      message: expect.stringContaining(String(answer)),
    });
    expect(Bun.inspect(failure)).not.toContain(TOKEN);
    expect(received.map(({ path }) => path)).toEqual([`/${TOKEN}`]);
  });

  test("because nobody listens is one, too", async () => {
    const [notice] = noticesOf(NO_MEMORY, judge(bad, DEFAULT_THRESHOLDS), bad.now);
    if (notice === undefined) throw new Error("nothing fires");
    const nowhere = { url: new Secret(`http://127.0.0.1:9/${TOKEN}`), format: "json" } as const;
    const failure = await send(nowhere, notice, ORIGIN).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "WEBHOOK_FAILED" });
    expect(Bun.inspect(failure)).not.toContain(TOKEN);
  });
});

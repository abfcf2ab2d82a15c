/** The remote engine against a real HTTP server that speaks the API, and everything that can go wrong with one. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { Hono } from "hono";
import { ConfigReader } from "../../hedera/config.ts";
import { Secret } from "../../hedera/secret.ts";
import { systemClock } from "../../mirror/clock.ts";
import { remoteEngine } from "./engine.ts";
import { type LanguageModel, readLanguageModel } from "./model.ts";

const GOOD = {
  summary: "HBAR is calm and the forecast says so.",
  findings: [{ task_id: "1.1.1", says: "Volatility is low." }],
  agreement: "agree",
};
const INPUT = {
  question: "What do these say?",
  results: [{ task_id: "1.1.1", kind: "volatility", sha256: "ab".repeat(32), output: { annual_ewma: 0.4 } }],
};

/** What the server was asked, and what it is to answer, one after the other; the last for ever. */
const asked: { readonly body: Record<string, unknown>; readonly authorization: string | undefined }[] = [];
let answers: readonly (() => Response | Promise<Response>)[] = [];

const completion = (content: string) =>
  Response.json({
    choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1_000, completion_tokens: 100 },
  });
const good = () => completion(JSON.stringify(GOOD));

const app = new Hono();
app.post("/v1/chat/completions", async (c) => {
  asked.push({ body: await c.req.json(), authorization: c.req.header("Authorization") });
  const answer = answers[asked.length - 1] ?? answers[answers.length - 1];
  return answer === undefined ? c.text("", 500) : answer();
});
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch });
afterAll(() => server.stop(true));
beforeEach(() => {
  asked.length = 0;
});

const model: LanguageModel = {
  url: `http://127.0.0.1:${server.port}/v1`,
  name: "tiny-llama",
  key: new Secret("sk-test"),
  timeoutMs: 2_000,
  priceIn: 150_000n,
  priceOut: 600_000n,
};
/** Waits that are noted instead of waited for. */
const waits: number[] = [];
const clock = {
  ...systemClock,
  random: () => 0,
  sleep: async (milliseconds: number) => void waits.push(milliseconds),
};
beforeEach(() => {
  waits.length = 0;
});
const engine = (changes: Partial<LanguageModel> = {}) => remoteEngine({ ...model, ...changes }, { clock });
const analyse = (changes: Partial<LanguageModel> = {}) => engine(changes).run("analyse", INPUT);

describe("an answer", () => {
  test("is the model's words, named as nobody else's to compute, with what it took", async () => {
    answers = [good];
    expect(await analyse()).toEqual({
      output: { engine: "openai-chat", model: "tiny-llama", version: "1", deterministic: false, ...GOOD },
      metrics: { findings: 1, astray: 0, agreement: "agree" },
      // 1,000 x 0.15 / 10^6 and 100 x 0.60 / 10^6 dollars.
      maker: {
        engine: "openai-chat",
        model: "tiny-llama",
        version: "1",
        cost: 210n,
        tokens: { in: 1_000, out: 100 },
      },
    });
    expect(engine()).toMatchObject({ deterministic: false, kinds: ["analyse"] });
  });

  test("was asked for in the form that it must have, with the question, the results and the key", async () => {
    answers = [good];
    await analyse();
    const [{ body, authorization } = { body: {}, authorization: "" }] = asked;
    expect(authorization).toBe("Bearer sk-test");
    expect(body).toMatchObject({
      model: "tiny-llama",
      temperature: 0,
      response_format: {
        type: "json_schema",
        json_schema: { name: "analysis", schema: { type: "object", additionalProperties: false } },
      },
      messages: [{ role: "system" }, { role: "user", content: JSON.stringify(INPUT) }],
    });
  });

  test("counts what is about no result that was given", async () => {
    const astray = { ...GOOD, findings: [{ task_id: "9.9.9", says: "I made this up." }] };
    answers = [() => completion(JSON.stringify(astray))];
    expect((await analyse()).metrics).toMatchObject({ astray: 1 });
  });

  test("costs what failed attempts took, too", async () => {
    answers = [() => completion("no JSON"), good];
    expect((await analyse()).maker).toMatchObject({ cost: 420n, tokens: { in: 2_000, out: 200 } });
  });

  test("without counts of tokens is taken all the same", async () => {
    answers = [() => Response.json({ choices: [{ message: { content: JSON.stringify(GOOD) } }] })];
    expect((await analyse()).maker).toMatchObject({ cost: 0n, tokens: { in: 0, out: 0 } });
  });
});

describe("what may be better the next time is tried again", () => {
  const busy = (headers: Record<string, string> = {}) => new Response("busy", { status: 429, headers });

  test.each<[string, () => Response]>([
    ["429", () => busy()],
    ["500", () => new Response("oh", { status: 500 })],
    ["503", () => new Response("oh", { status: 503 })],
    ["an answer that is no JSON", () => new Response("<html>")],
    ["an answer that is no completion", () => Response.json({ choices: [] })],
    ["words that are no JSON", () => completion("Certainly! Here is")],
    ["JSON of another form", () => completion(JSON.stringify({ ...GOOD, agreement: "perhaps" }))],
    ["a field too many", () => completion(JSON.stringify({ ...GOOD, trade: "buy all" }))],
    ["a text too long", () => completion(JSON.stringify({ ...GOOD, summary: "x".repeat(601) }))],
  ])("after %s", async (_, bad) => {
    answers = [bad, good];
    expect((await analyse()).output).toMatchObject(GOOD);
    expect(asked).toHaveLength(2);
    expect(waits).toEqual([250]);
  });

  test("with waits that grow, at most four times, and then with the reason", async () => {
    answers = [() => new Response("overloaded", { status: 503 })];
    await expect(analyse()).rejects.toMatchObject({
      code: "MODEL_UNAVAILABLE",
      message: expect.stringContaining("answered 503: overloaded"),
    });
    expect(asked).toHaveLength(4);
    expect(waits).toEqual([250, 500, 1_000]);
  });

  test("after as long as the endpoint asks for, within reason", async () => {
    answers = [() => busy({ "Retry-After": "3" }), () => busy({ "Retry-After": "9999" }), good];
    await analyse();
    expect(waits).toEqual([3_000, 20_000]);
  });

  test("of a form that is never right it says what was wrong with it", async () => {
    answers = [() => completion(JSON.stringify({ ...GOOD, findings: "none" }))];
    await expect(analyse()).rejects.toMatchObject({
      code: "MODEL_OUTPUT_INVALID",
      message: expect.stringContaining("findings"),
    });
  });
});

describe("what will not get better", () => {
  test("is not tried again: 401 says what to check", async () => {
    answers = [() => new Response('{"error":"bad key"}', { status: 401 })];
    await expect(analyse()).rejects.toMatchObject({
      code: "MODEL_REFUSED",
      message: expect.stringContaining("bad key"),
      fix: expect.stringContaining("FEST_LLM_KEY_FILE"),
    });
    expect(asked).toHaveLength(1);
  });

  test("is a silent endpoint, given up after its time", async () => {
    answers = [() => new Promise<Response>(() => undefined)];
    await expect(analyse({ timeoutMs: 50 })).rejects.toMatchObject({
      code: "MODEL_UNAVAILABLE",
      message: expect.stringContaining("no answer in 0.05 s"),
    });
    expect(asked).toHaveLength(4);
  });

  test("is an endpoint that is not there", async () => {
    await expect(analyse({ url: "http://127.0.0.1:9/v1" })).rejects.toMatchObject({
      code: "MODEL_UNAVAILABLE",
    });
  });

  test("is another kind of task, or no input", async () => {
    await expect(engine().run("forecast", INPUT)).rejects.toMatchObject({ code: "KIND_UNKNOWN" });
    await expect(engine().run("analyse", { ...INPUT, results: [] })).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
    expect(asked).toEqual([]);
  });

  test("ends at once when the agent stops", async () => {
    answers = [() => new Promise<Response>(() => undefined)];
    const stopping = new AbortController();
    const running = engine().run("analyse", INPUT, stopping.signal);
    stopping.abort(new Error("stopped"));
    await expect(running).rejects.toThrow("stopped");
  });
});

describe("the environment", () => {
  const read = (env: Record<string, string>) => {
    const reader = new ConfigReader(env);
    const found = readLanguageModel(reader);
    reader.finish();
    return found;
  };

  test("without a URL means that there is no model", () => {
    expect(read({ FEST_LLM_MODEL: "x" })).toBeNull();
  });

  test("names the model, its patience and its price", () => {
    const env = {
      FEST_LLM_URL: "http://127.0.0.1:11434/v1/",
      FEST_LLM_MODEL: "llama3.2:1b",
      FEST_LLM_TIMEOUT_SECONDS: "5",
      FEST_LLM_USD_PER_MILLION_IN: "0.15",
      FEST_LLM_USD_PER_MILLION_OUT: "2",
    };
    expect(read(env)).toEqual({
      url: "http://127.0.0.1:11434/v1",
      name: "llama3.2:1b",
      key: null,
      timeoutMs: 5_000,
      priceIn: 150_000n,
      priceOut: 2_000_000n,
    });
  });

  test("that is wrong is refused with every variable that is", () => {
    const env = {
      FEST_LLM_URL: "localhost",
      FEST_LLM_KEY_FILE: "/nonexistent",
      FEST_LLM_TIMEOUT_SECONDS: "0",
      FEST_LLM_USD_PER_MILLION_IN: "cheap",
    };
    const problem = expect.stringMatching(
      /FEST_LLM_URL[\s\S]*FEST_LLM_MODEL[\s\S]*FEST_LLM_KEY_FILE[\s\S]*FEST_LLM_TIMEOUT_SECONDS[\s\S]*FEST_LLM_USD_PER_MILLION_IN/,
    );
    expect(() => read(env)).toThrow(expect.objectContaining({ message: problem }));
  });
});

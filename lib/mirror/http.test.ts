import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import * as z from "zod/mini";
import { MirrorError, MirrorMalformed, MirrorRejected, MirrorUnavailable } from "./error.ts";
import { createHttp, type HttpOptions, pathWithQuery } from "./http.ts";
import { quickClock } from "./testing/clock.ts";
import { cutAnswer, errorAnswer, startWireServer, type WireServer } from "./testing/wire-server.ts";

const PATH = "/api/v1/thing";
const schema = z.object({ thing: z.object({ size: z.int() }) });
const thing = { thing: { size: 3 } };

let server: WireServer;
beforeAll(() => {
  server = startWireServer();
  server.answers.set(PATH, thing);
});
beforeEach(() => {
  server.requests.length = 0;
  server.faults.length = 0;
});
afterAll(() => server.stop());

function reader(options: Partial<HttpOptions> = {}) {
  const clock = quickClock();
  const http = createHttp({ baseUrl: server.url, clock, ...options });
  return { clock, http };
}

/** The error that a promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect.unreachable(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

describe("an answer", () => {
  test("is parsed against its schema", async () => {
    expect(await reader().http.find(PATH, schema)).toEqual(thing);
  });

  test("that does not fit names the field", async () => {
    server.faults.push(() => Response.json({ thing: { size: "big" } }));
    const error = await failure(reader().http.find(PATH, schema));
    expect(error).toBeInstanceOf(MirrorMalformed);
    expect(String(error)).toContain("thing.size");
  });

  test("that is not JSON is malformed, not unavailable", async () => {
    server.faults.push(() => new Response("<html>welcome to the hotel</html>"));
    expect(await failure(reader().http.find(PATH, schema))).toBeInstanceOf(MirrorMalformed);
    expect(server.requests).toHaveLength(1);
  });
});

describe("not found", () => {
  test("is null where absence is an answer", async () => {
    expect(await reader().http.find("/api/v1/topics/0.0.404", schema)).toBeNull();
  });

  test("is an error where it is not", async () => {
    const error = await failure(reader().http.get("/api/v1/topics/0.0.404", schema));
    expect(error).toBeInstanceOf(MirrorRejected);
    expect(error).toHaveProperty("status", 404);
  });

  test("said by something that is not a mirror node is an error", async () => {
    server.faults.push(() => new Response("404 page not found", { status: 404 }));
    expect(await failure(reader().http.find(PATH, schema))).toBeInstanceOf(MirrorRejected);
  });
});

describe("a refusal", () => {
  test("carries the mirror node's reason and is not repeated", async () => {
    server.faults.push(() => errorAnswer(400, "Invalid parameter: limit"));
    const error = await failure(reader().http.find(PATH, schema));
    expect(error).toBeInstanceOf(MirrorRejected);
    expect(String(error)).toContain("Invalid parameter: limit");
    expect(server.requests).toHaveLength(1);
  });
});

describe("an unavailable mirror node", () => {
  test.each([
    ["500", () => errorAnswer(500, "Internal error")],
    ["503 of a proxy", () => new Response("no healthy upstream", { status: 503 })],
    ["429", () => errorAnswer(429, "Too many requests")],
    ["a connection cut in the middle", cutAnswer],
  ])("is asked again after %s", async (_name, fault) => {
    server.faults.push(fault, fault);
    expect(await reader().http.find(PATH, schema)).toEqual(thing);
    expect(server.requests).toHaveLength(3);
  });

  test("is given up after the last retry", async () => {
    server.faults.push(...Array.from({ length: 9 }, () => () => errorAnswer(503, "Busy")));
    const error = await failure(reader({ retries: 2 }).http.find(PATH, schema));
    expect(error).toBeInstanceOf(MirrorUnavailable);
    expect(error).toHaveProperty("status", 503);
    expect(server.requests).toHaveLength(3);
  });

  test("is asked at growing intervals", async () => {
    server.faults.push(...Array.from({ length: 3 }, () => () => errorAnswer(500, "Internal error")));
    const { http, clock } = reader({ backoff: { firstMs: 100, maxMs: 300 }, timeoutMs: 9_999 });
    await http.find(PATH, schema);
    expect(clock.waits.filter((wait) => wait !== 9_999)).toEqual([75, 150, 225]);
  });

  test("is waited for as long as it asks", async () => {
    server.faults.push(() => errorAnswer(429, "Too many requests", { "retry-after": "3" }));
    const { http, clock } = reader();
    await http.find(PATH, schema);
    expect(clock.waits).toContain(3_000);
  });

  test("is given up at once if it asks for more than a read may take", async () => {
    server.faults.push(() => errorAnswer(429, "Too many requests", { "retry-after": "120" }));
    const error = await failure(reader().http.find(PATH, schema));
    expect(error).toHaveProperty("retryAfterMs", 120_000);
    expect(server.requests).toHaveLength(1);
  });

  test("may name the time at which to come back", async () => {
    const at = new Date(Date.now() + 600_000).toUTCString();
    server.faults.push(() => errorAnswer(503, "Upgrading", { "retry-after": at }));
    const error = await failure(reader().http.find(PATH, schema));
    expect(error).toHaveProperty("retryAfterMs", expect.any(Number));
  });

  test("that says nothing is not waited for", async () => {
    const never = Promise.withResolvers<Response>();
    server.faults.push(() => never.promise);
    const error = await failure(reader({ timeoutMs: 3_000, retries: 0 }).http.find(PATH, schema));
    expect(String(error)).toContain("did not answer within 3000 ms");
    never.resolve(new Response(null));
  });

  test("that is not there at all is unavailable", async () => {
    const error = await failure(
      reader({ baseUrl: "http://127.0.0.1:1", retries: 1 }).http.find(PATH, schema),
    );
    expect(error).toBeInstanceOf(MirrorUnavailable);
    expect(error).toHaveProperty("status", null);
  });
});

describe("aborting", () => {
  test("ends a request with the signal's reason", async () => {
    const abort = new AbortController();
    const never = Promise.withResolvers<Response>();
    server.faults.push(() => {
      abort.abort(new Error("enough"));
      return never.promise;
    });
    expect(
      String(await failure(reader({ timeoutMs: 1e9 }).http.find(PATH, schema, { signal: abort.signal }))),
    ).toContain("enough");
    never.resolve(new Response(null));
  });

  test("ends the wait between retries", async () => {
    const abort = new AbortController();
    server.faults.push(() => errorAnswer(500, "Internal error"));
    const patient = reader({ backoff: { firstMs: 1e9, maxMs: 1e9 } });
    setTimeout(() => abort.abort(new Error("enough")), 20);
    const error = await failure(patient.http.find(PATH, schema, { signal: abort.signal }));
    expect(String(error)).toContain("enough");
  });
});

describe("the base URL", () => {
  test.each(["", "/", "/api/v1", "/api/v1/"])("may end in %p", async (ending) => {
    const { http } = reader({ baseUrl: server.url + ending });
    expect(http.baseUrl).toBe(server.url);
    expect(await http.find(PATH, schema)).toEqual(thing);
  });

  test.each(["", "mirror.example", "ftp://mirror.example"])("may not be %p", (baseUrl) => {
    expect(() => createHttp({ baseUrl })).toThrow(MirrorError);
  });
});

describe("pathWithQuery", () => {
  test("leaves out what is undefined and repeats names", () => {
    expect(
      pathWithQuery("/x", [
        ["limit", 3],
        ["order", undefined],
        ["timestamp", "gt:1.000000001"],
        ["timestamp", "lt:2.0"],
        ["name", "a&b"],
      ]),
    ).toBe("/x?limit=3&timestamp=gt:1.000000001&timestamp=lt:2.0&name=a%26b");
    expect(pathWithQuery("/x", [["limit", undefined]])).toBe("/x");
  });
});

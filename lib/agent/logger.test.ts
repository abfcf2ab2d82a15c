import { describe, expect, test } from "bun:test";
import { PrivateKey } from "@hashgraph/sdk";
import { FestError } from "../hedera/error.ts";
import { Secret } from "../hedera/secret.ts";
import { SigningKey } from "../ledger/key.ts";
import { createLogger, priorityOf } from "./logger.ts";

/** What a logger writes. */
function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLogger("desk-001", "debug", { write: (line) => lines.push(line) }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines.join(""));
}

describe("in the journal", () => {
  test("a line has the priority of its level", () => {
    const lines: string[] = [];
    const logger = createLogger("desk-001", "debug", { write: (line) => lines.push(line) });
    logger.debug("a");
    logger.info("b");
    logger.warn("c");
    logger.error("d");
    expect(lines.map(priorityOf)).toEqual(["<7>", "<6>", "<4>", "<3>"]);
  });

  test("it has none where standard error is not the journal's own stream", async () => {
    const said = `import { createLogger, stderrSink } from "${import.meta.dir}/logger.ts";
      const { dev, ino } = (await import("node:fs")).fstatSync(2);
      createLogger("x", "info", stderrSink({ JOURNAL_STREAM: process.argv.at(-1) === "own" ? dev + ":" + ino : "1:2" })).warn("w");`;
    const run = async (stream: string) => {
      const child = Bun.spawn([process.execPath, "-e", said, stream], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      return new Response(child.stderr).text();
    };
    expect(await run("own")).toStartWith('<4>{"level":40');
    expect(await run("other")).toStartWith('{"level":40');
  });
});

describe("a log line", () => {
  test("has the process, the level, the time and what was said, with its fields", () => {
    const line = logged((logger) => logger.info({ task_id: "1.1.1", entry: 7n }, "performed"));
    expect(line).toMatchObject({
      name: "desk-001",
      level: 30,
      task_id: "1.1.1",
      entry: "7",
      msg: "performed",
    });
    expect(Date.parse(String(line.time))).toBeGreaterThan(0);
  });

  test("tells an error by its message and its causes", () => {
    const error = new FestError("X", "it broke", { cause: new Error("because") });
    expect(logged((logger) => logger.warn({ error, nested: { error } }, "no")).error).toBe(
      "it broke (because)",
    );
  });

  test("shows no secret, by whatever name and however deep, and none of the SDK's keys", () => {
    const key = SigningKey.generate();
    const { hex } = key.reveal();
    const sdk = PrivateKey.fromStringED25519(hex);
    const bytes = sdk.toBytesRaw();
    const secret = new Secret(hex);
    const line = logged((logger) =>
      logger.info({ a: secret, b: { c: [key, sdk, { bytes }] }, m: new Map([["k", hex]]) }, "said"),
    );
    const text = JSON.stringify(line);
    expect(text).not.toContain(hex);
    expect(text).not.toContain(bytes.toBase64());
    expect(text).not.toContain([...bytes].join(","));
    expect(line).toMatchObject({
      a: "[secret]",
      b: { c: [`[ED25519 key ${key.publicKey.hex}]`, "[object]", { bytes: "[32 bytes]" }] },
      m: "[object]",
    });
  });
});

import { describe, expect, test } from "bun:test";
import { chained } from "../testing/chain.ts";
import { TestLog } from "../testing/log.ts";
import { begin, play } from "../testing/player.ts";
import { auditInclusion, parseInclusion, proveTask } from "./inclusion.ts";

const log = new TestLog();
begin(log);
while (log.state.commits < 2) play(log, { pick: 0, way: 0, wait: 1 });
const messages = chained(log.messages);
const prove = (taskId: string, edition?: number) =>
  proveTask(messages, { network: "devnet", taskId, ...(edition === undefined ? {} : { edition }) });

describe("an inclusion proof", () => {
  test("proves result and payment of every task of every edition, also after it was a file", () => {
    for (const edition of [1, 2]) {
      for (const id of log.state.edition?.tasks.keys() ?? []) {
        const proof = parseInclusion(JSON.stringify(prove(id, edition)));
        const audit = auditInclusion(proof);
        expect(audit).toMatchObject({ ok: true, problems: [], taskId: id, edition });
        expect(audit.proven).toContain("task_result");
        expect(audit.proven).toContain("payment_settled");
      }
    }
  });

  test("is of the last committed edition, and of none before the commit", () => {
    expect(prove("1.1.1").edition).toBe(2);
    expect(() => prove("1.1.1", 3)).toThrow("no commit holds a result of task 1.1.1 in edition 3");
    expect(() => prove("9.9.9")).toThrow("no commit holds");
  });

  test("names the hashes that any mirror node must have", () => {
    const { hashes } = auditInclusion(prove("1.1.1"));
    for (const { sequence, runningHash } of hashes)
      expect(messages[sequence - 1]?.runningHash.toHex()).toBe(runningHash);
    expect(hashes.length).toBe(3);
  });
});

describe("an inclusion proof does not hold with one bit changed", () => {
  const text = JSON.stringify(prove("1.1.1"));

  test("anywhere in it", () => {
    // What is no proof any more is refused when it is read.
    let refused = 0;
    for (let at = 0; at < text.length; at += STEP) {
      const code = text.charCodeAt(at) ^ 1;
      const flipped = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
      if (holds(flipped)) {
        const around = text.slice(Math.max(0, at - 30), at + 30);
        expect({ at, around, harmless: HARMLESS.some((field) => around.includes(field)) }).toMatchObject({
          harmless: true,
        });
      } else refused += 1;
    }
    expect(refused).toBeGreaterThan((text.length / STEP) * 0.7);
  });

  test.each<[string, (message: string) => string]>([
    ["the result", (said) => said.replace('"completed"', '"completee"')],
    ["the payment", (said) => said.replace('"amount":"10"', '"amount":"11"')],
    [
      "the root",
      (said) => said.replace(/"root":"./, (root) => `${root.slice(0, -1)}${root.endsWith("a") ? "b" : "a"}`),
    ],
  ])("in what the entry of %s says", (_, change) => {
    const forge = (body: { message: string }) => {
      const said = atob(body.message);
      return { ...body, message: btoa(change(said)) };
    };
    const proof = JSON.parse(text);
    const forged = {
      ...proof,
      leaves: proof.leaves.map((leaf: { body: { message: string } }) => ({
        ...leaf,
        body: forge(leaf.body),
      })),
      commit: { ...proof.commit, body: forge(proof.commit.body) },
    };
    expect(JSON.stringify(forged)).not.toBe(text);
    expect(auditInclusion(parseInclusion(JSON.stringify(forged))).ok).toBe(false);
  });
});

/** Every so many characters of a file are changed. */
const STEP = 23;
/** What the file only mentions, and nothing is proven of. */
const HARMLESS = [
  '"network"',
  '"running_hash_version"',
  '"chunk_info"',
  '"nonce"',
  '"scheduled"',
  "valid_start",
  '"number"',
  '"total"',
  '"initial',
  '"account_id"',
];

function holds(text: string): boolean {
  try {
    return auditInclusion(parseInclusion(text)).ok;
  } catch {
    return false;
  }
}

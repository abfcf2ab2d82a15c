import { afterEach, expect, test } from "bun:test";
import { type Expectation, type Finding, keyOf } from "../../../lib/festival/proof/legs.ts";
import { mirrorTransactionId, parseTransactionId } from "../../../lib/hedera/transaction-id.ts";
import { createMirror } from "../../../lib/mirror/client.ts";
import { systemClock } from "../../../lib/mirror/clock.ts";
import { startLookups } from "./lookups.ts";

const ID = parseTransactionId("0.0.1002@1700000000.000000011");
const PAYMENT: Expectation = {
  transaction: ID,
  scheduled: false,
  legs: [{ account: "0.0.1003", token: "0.0.2001", amount: 100n }],
};
const ABSENT = Response.json({ _status: { messages: [{ message: "Not found" }] } }, { status: 404 });
const PAID = Response.json({
  transactions: [
    {
      transaction_id: mirrorTransactionId(ID),
      scheduled: false,
      nonce: 0,
      name: "CRYPTOTRANSFER",
      result: "SUCCESS",
      consensus_timestamp: "1700000001.000000000",
      parent_consensus_timestamp: null,
      entity_id: null,
      memo_base64: "",
      node: null,
      charged_tx_fee: 1,
      max_fee: "1",
      valid_duration_seconds: "180",
      transaction_hash: "",
      transfers: [],
      token_transfers: [{ token_id: "0.0.2001", account: "0.0.1003", amount: 100 }],
    },
  ],
});

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

/** Lookups at a mirror node that gives these answers in turn, and what they published until `last` came. */
async function findings(
  answers: readonly Response[],
  last: Finding,
): Promise<readonly (Finding | undefined)[]> {
  const left = [...answers];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => left.shift()?.clone() ?? new Response("no more answers", { status: 500 }),
  });
  const stop = new AbortController();
  ending.push(
    () => stop.abort(),
    () => server.stop(true),
  );
  const mirror = createMirror({ baseUrl: server.url.href, clock: { ...systemClock, sleep: shortWaits } });
  const published: (Finding | undefined)[] = [];
  await new Promise<void>((resolve) => {
    const lookups = startLookups(mirror, stop.signal, (all) => {
      const finding = all.get(keyOf(PAYMENT));
      published.push(finding);
      if (finding === last) resolve();
    });
    lookups.want([PAYMENT]);
    lookups.want([PAYMENT]);
  });
  return published;
}

/** Request time-outs stay what they are; waits between attempts are short. */
function shortWaits(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return systemClock.sleep(milliseconds >= 10_000 ? milliseconds : 1, signal);
}

test("a transfer that is there is found, and asked for once", async () => {
  expect(await findings([PAID], "found")).toEqual(["checking", "found"]);
});

test("a transfer that is not there yet is looked for again", async () => {
  expect(await findings([ABSENT, ABSENT, PAID], "found")).toEqual([
    "checking",
    "not found",
    "not found",
    "found",
  ]);
});

test("no answer is not taken for there being nothing", async () => {
  const broken = new Response("", { status: 503 });
  expect(await findings([broken, PAID], "found")).toEqual(["checking", "unknown", "found"]);
});

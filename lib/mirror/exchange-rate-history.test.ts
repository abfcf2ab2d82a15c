import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { FestError } from "../hedera/error.ts";
import { timestampOf } from "../hedera/timestamp.ts";
import { createMirror, type Mirror } from "./client.ts";
import { MirrorUnavailable } from "./error.ts";
import { exchangeRateHistory } from "./exchange-rate-history.ts";
import { quickClock } from "./testing/clock.ts";
import { errorAnswer, type Fault, startWireServer, type WireServer } from "./testing/wire-server.ts";

const HOUR = 3_600;
/** The network's first rate is set here, on a full hour. */
const BIRTH = 1_699_999_200;

let server: WireServer;
let mirror: Mirror;
let atOnce = 0;
let mostAtOnce = 0;

/** Rates rise by a cent an hour; the file is set five minutes after each hour, so `current` has expired by the next. */
async function ratesAsOf(url: URL): Promise<Response> {
  atOnce += 1;
  mostAtOnce = Math.max(mostAtOnce, atOnce);
  await Bun.sleep(1);
  atOnce -= 1;
  const asOf = Number(/^lte:(\d+)\.000000000$/.exec(url.searchParams.get("timestamp") ?? "")?.[1]);
  if (asOf < BIRTH) return errorAnswer(404, "Not found");
  const hoursOld = asOf === BIRTH ? 0 : Math.floor((asOf - BIRTH - 300) / HOUR);
  const rate = (hours: number) => ({
    cent_equivalent: 100 + hours,
    expiration_time: BIRTH + (hours + 1) * HOUR,
    hbar_equivalent: 30_000,
  });
  return Response.json({
    current_rate: rate(hoursOld),
    next_rate: rate(hoursOld + 1),
    timestamp: `${asOf}.000000000`,
  });
}

beforeAll(() => {
  server = startWireServer();
  mirror = createMirror({ baseUrl: server.url, clock: quickClock(), retries: 2 });
});
beforeEach(() => {
  server.requests.length = 0;
  server.faults.length = 0;
  mostAtOnce = 0;
});
afterAll(() => server.stop());

const always = (times: number) => Array.from({ length: times }, () => ratesAsOf);

describe("exchangeRateHistory", () => {
  test("has the rate in force at each full hour, oldest first, in one request each", async () => {
    server.faults.push(...always(10));
    const history = await exchangeRateHistory(mirror, {
      until: timestampOf(BIRTH + 5 * HOUR + 1_234),
      hours: 4,
    });
    expect(history).toEqual(
      [2, 3, 4, 5].map((hours) => ({
        hour: timestampOf(BIRTH + hours * HOUR),
        centEquivalent: BigInt(100 + hours),
        hbarEquivalent: 30_000n,
      })),
    );
    expect(server.requests).toHaveLength(4);
  });

  test("leaves out the hours before the network had a rate", async () => {
    server.faults.push(...always(10));
    const history = await exchangeRateHistory(mirror, { until: timestampOf(BIRTH + HOUR), hours: 6 });
    expect(history.map((rate) => rate.centEquivalent)).toEqual([100n, 101n]);
  });

  test("asks for several hours at once, but never too many", async () => {
    server.faults.push(...always(168));
    await exchangeRateHistory(mirror, { until: timestampOf(BIRTH + 167 * HOUR), hours: 168, concurrency: 3 });
    // A busy machine may reset a connection, and the request is made again: each hour is asked, not each once.
    expect(new Set(server.requests.map(String)).size).toBe(168);
    expect(mostAtOnce).toBe(3);
  });

  test("survives failures of single requests", async () => {
    server.faults.push(
      () => errorAnswer(500, "Internal error"),
      () => errorAnswer(429, "Slow down"),
      ...always(9),
    );
    const history = await exchangeRateHistory(mirror, { until: timestampOf(BIRTH + 6 * HOUR), hours: 7 });
    expect(history).toHaveLength(7);
  });

  test("fails as a whole, and stops asking, if an hour cannot be read", async () => {
    const lastHour = BIRTH + 167 * HOUR;
    const broken: Fault = (url) =>
      url.search.includes(`${lastHour}`) ? errorAnswer(503, "Busy") : ratesAsOf(url);
    server.faults.push(...Array.from({ length: 200 }, () => broken));
    const reading = exchangeRateHistory(mirror, { until: timestampOf(lastHour), hours: 168 });
    expect(await reading.catch((error: unknown) => error)).toBeInstanceOf(MirrorUnavailable);
    const asked = server.requests.length;
    expect(asked).toBeLessThan(168);
    await Bun.sleep(30);
    expect(server.requests.length).toBeLessThanOrEqual(asked + 3);
  });

  test.each([0, 169, 1.5])("refuses %p hours", async (hours) => {
    await expect(exchangeRateHistory(mirror, { until: timestampOf(BIRTH), hours })).rejects.toBeInstanceOf(
      FestError,
    );
  });
});

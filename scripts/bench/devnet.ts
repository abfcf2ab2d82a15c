import { createOpenTopic, Sender } from "../../lib/devnet/load/sender.ts";
import { median, startScript, textOf } from "./process.ts";

const STARTS = 9;
const ROUNDS = 21;
/** Before they count: the compiler is still at work. */
const WARM_UP_ROUNDS = 6;
const RAW_PER_ROUND = 1_000;
const SDK_PER_ROUND = 50;
const SMALL = 1_000;
const WIDE = 1_000_000;
const PAGES = 100;

/** What `bun run bench devnet --json` ends in; ratios are of medians within one run. */
export interface DevnetFigures {
  /** Milliseconds from process start to the ready line. */
  readonly ready_ms: number;
  /** Resident memory when ready. */
  readonly rss_mb: number;
  /** Signed transactions a second over raw gRPC. */
  readonly tx_per_s: number;
  /** The same through the null server. */
  readonly null_tx_per_s: number;
  /** Devnet's to the null server's, rounds side by side; goal 0.5. */
  readonly ratio: number;
  /** The same with transactions that the SDK builds, signs and executes; goal 0.95. */
  readonly sdk_ratio: number;
  /** Time of a page of messages with 1,000,000 in the topic, to that with 1,000; goal 1.5. */
  readonly rest_ratio_1m: number;
  /** Resident memory likewise; goal 1.5. */
  readonly rss_ratio_1m: number;
}

type Say = (line: string) => void;

/** Measures devnet, each part in processes of its own. */
export async function benchDevnet(say: Say): Promise<DevnetFigures> {
  return { ...(await measureStart(say)), ...(await measureThroughput(say)), ...(await measureWidth(say)) };
}

/** Medians over a few starts. */
async function measureStart(say: Say) {
  const ready: number[] = [];
  const rss: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    const devnet = await startScript("../devnet.ts", "--json", "--port-base", "0");
    ready.push(devnet.readyMs);
    rss.push(devnet.rssMb());
    await devnet.stop();
    say(`start ${run + 1}: ready after ${ready.at(-1)?.toFixed(0)} ms with ${rss.at(-1)?.toFixed(0)} MB`);
  }
  return { ready_ms: Math.round(median(ready)), rss_mb: Math.round(median(rss)) };
}

async function measureThroughput(say: Say) {
  const devnet = await startScript("../devnet.ts", "--json", "--port-base", "0");
  const nothing = await startScript("null-server.ts");
  const topic = await createOpenTopic(textOf(devnet, "node"));
  const real = new Sender(textOf(devnet, "node"), topic);
  const empty = new Sender(textOf(nothing, "node"), topic);
  const raw = await sideBySide("raw gRPC", say, (sender) => sender.raw(RAW_PER_ROUND));
  const sdk = await sideBySide("SDK", say, (sender) => sender.sdk(SDK_PER_ROUND));
  real.close();
  empty.close();
  await Promise.all([devnet.stop(), nothing.stop()]);
  return {
    tx_per_s: Math.round(raw.devnet),
    null_tx_per_s: Math.round(raw.nothing),
    ratio: rounded(raw.ratio),
    sdk_ratio: rounded(sdk.ratio),
  };

  /** Rounds through either server in turn, the first of which only warm up. */
  async function sideBySide(what: string, say: Say, measure: (sender: Sender) => Promise<number>) {
    const rounds: { devnet: number; nothing: number }[] = [];
    for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      const figures = { devnet: await measure(real), nothing: await measure(empty) };
      if (round >= WARM_UP_ROUNDS) rounds.push(figures);
      say(`${what}: ${figures.devnet.toFixed(0)}/s, null server ${figures.nothing.toFixed(0)}/s`);
    }
    return {
      devnet: median(rounds.map(({ devnet }) => devnet)),
      nothing: median(rounds.map(({ nothing }) => nothing)),
      ratio: median(rounds.map(({ devnet, nothing }) => devnet / nothing)),
    };
  }
}

async function measureWidth(say: Say) {
  const small = await startScript("wide-topic.ts", String(SMALL));
  const wide = await startScript("wide-topic.ts", String(WIDE));
  const rss = { small: small.rssMb(), wide: wide.rssMb() };
  const topics = {
    small: `${textOf(small, "mirror")}/api/v1/topics/${textOf(small, "topic")}/messages`,
    wide: `${textOf(wide, "mirror")}/api/v1/topics/${textOf(wide, "topic")}/messages`,
  };
  const ratios: number[] = [];
  for (const query of ["order=desc&limit=25", "limit=100", "limit=100&sequencenumber=gt:{middle}"]) {
    const times = { small: [] as number[], wide: [] as number[] };
    for (let n = 0; n < PAGES; n++) {
      times.small.push(await timeOf(`${topics.small}?${query.replace("{middle}", String(SMALL / 2))}`));
      times.wide.push(await timeOf(`${topics.wide}?${query.replace("{middle}", String(WIDE / 2))}`));
    }
    const [few, many] = [median(times.small), median(times.wide)];
    ratios.push(many / few);
    say(`?${query}: ${few.toFixed(2)} ms of ${SMALL} messages, ${many.toFixed(2)} ms of ${WIDE}`);
  }
  await Promise.all([small.stop(), wide.stop()]);
  say(`memory: ${rss.small.toFixed(0)} MB with ${SMALL} messages, ${rss.wide.toFixed(0)} MB with ${WIDE}`);
  return { rest_ratio_1m: rounded(Math.max(...ratios)), rss_ratio_1m: rounded(rss.wide / rss.small) };
}

async function timeOf(url: string): Promise<number> {
  const begun = performance.now();
  const answer = await fetch(url);
  await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return performance.now() - begun;
}

function rounded(ratio: number): number {
  return Math.round(ratio * 100) / 100;
}

/** Films the page during a real edition on a devnet of its own: the work, its commit, the proof, and the way back in time. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { hashOf } from "../site/src/deployment/deployment.ts";
import { PageBench } from "../site/testing/browser.ts";
import { commandLine, wholeNumber } from "./support/command-line.ts";
import { fail } from "./support/failure.ts";
import { startScreencast } from "./support/screencast.ts";
import { openStage, type Stage } from "./testing/stage.ts";

/** Of consensus: so that one can see the work. */
const LATENCY = "100ms";

const command = commandLine("record", "bun run record --out demo.mp4")
  .description("Make a demo video: the real page during a real edition, by Chromium and ffmpeg.")
  .option("--out <file>", "where to write it", "demo.mp4")
  .option("--width <pixels>", "of the window", wholeNumber(320, 7680), 1280)
  .option("--height <pixels>", "of the window", wholeNumber(240, 4320), 800)
  .option("--json", "print one JSON object on stdout, and nothing else")
  .parse();
const options = command.opts<{ out: string; width: number; height: number; json?: true }>();
const say = (line: string) => {
  if (!options.json) console.log(line);
};

try {
  say("start a devnet, the agents and a browser");
  const [stage, bench] = await Promise.all([openStage({ latency: LATENCY }), PageBench.start()]);
  try {
    await film(stage, bench);
  } finally {
    await bench.stop();
    await stage.stop();
  }
  process.exit(0);
} catch (error) {
  fail("record", options.json, error);
}

async function film(stage: Stage, bench: PageBench): Promise<void> {
  const { mirror, relayWs } = stage.network;
  const hash = hashOf({ network: "devnet", mirror, relay: relayWs ?? undefined, log: stage.log });
  const { page } = await bench.open(hash, { width: options.width, height: options.height });
  const begun = performance.now();
  const cast = await startScreencast(page);
  say("an edition is at work");
  await stage.until((entry) => entry.type === "festival_commit");
  await play(page);
  const file = resolve(options.out);
  await cast.finish(file);
  const report = {
    file,
    bytes: statSync(file).size,
    seconds: Math.round((performance.now() - begun) / 1_000),
  };
  console.log(
    options.json ? JSON.stringify(report) : `${report.file}: ${report.seconds} s, ${report.bytes} bytes`,
  );
}

/** What a visitor would try: look why a task was paid, lie to the proof, and see the edition again. */
async function play(page: Page): Promise<void> {
  await page.locator('[data-tile="integrity"][data-tone="ok"]').waitFor();
  await Bun.sleep(1_500);
  say("a task's causal chain");
  await page.locator('fest-task [data-task="1.1.1"] summary').click();
  await Bun.sleep(3_000);
  await page.locator('fest-task [data-task="1.1.1"] summary').click();
  say("try to cheat");
  await page.keyboard.press("v");
  await Bun.sleep(1_500);
  await page.locator("[data-cheat=edit]").click();
  await page.locator("[data-caught]").waitFor();
  await Bun.sleep(3_000);
  await page.keyboard.press("Escape");
  say("see it again");
  await page.keyboard.press("p");
  await Bun.sleep(6_000);
  await page.keyboard.press("l");
  await Bun.sleep(1_000);
}

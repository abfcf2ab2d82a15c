import type { TopicId } from "../../lib/hedera/id.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { hashOf } from "../../site/src/deployment/deployment.ts";
import { hasChromium, launchChromium } from "../support/chromium.ts";
import { type Check, failed, guarded, passed, skipped } from "./check.ts";

const NAME = "dashboard";
const FIX = "systemctl status fest-dashboard";
const TIMEOUT_MS = 30_000;
const LOOK_MS = 200;

/** What the page has to show. */
export interface Shown {
  readonly url: string | null;
  readonly network: Network;
  readonly log: TopicId;
  /** Sequence number of an entry that the page must have read. */
  readonly sequence: number;
}

/**
 * Whether the page loads and shows the log up to an entry, in a headless browser
 * where this machine has one; else whether it and its scripts are served.
 */
export async function checkDashboard({ url, network, log, sequence }: Shown): Promise<Check> {
  if (url === null)
    return skipped(NAME, "no page is served here; --url or FEST_DASHBOARD_URL names one elsewhere");
  const { mirror, relayWs } = network;
  const address = url.includes("#")
    ? url
    : url + hashOf({ network: network.name, mirror, relay: relayWs ?? undefined, log });
  return guarded(NAME, FIX, () => (hasChromium ? lookAt(address, sequence) : fetchAll(address, sequence)));
}

async function lookAt(address: string, sequence: number): Promise<Check> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(address, { timeout: TIMEOUT_MS });
    // A locator sees through the page's shadow roots.
    const log = page.locator("fest-log").first();
    const deadline = Date.now() + TIMEOUT_MS;
    let shown = 0;
    while (Date.now() < deadline) {
      shown = Number((await log.getAttribute("data-seq", { timeout: TIMEOUT_MS })) ?? 0);
      if (shown >= sequence)
        return passed(NAME, `${address} shows the log up to entry ${shown}, in a browser`);
      await Bun.sleep(LOOK_MS);
    }
    return failed(
      NAME,
      `${address} shows the log up to entry ${shown}, not to ${sequence}`,
      "bun run status",
    );
  } finally {
    await browser.close();
  }
}

async function fetchAll(address: string, sequence: number): Promise<Check> {
  const base = address.split("#")[0] ?? address;
  const response = await fetch(base, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) return failed(NAME, `${base} answers ${response.status}`, FIX);
  const html = await response.text();
  const scripts = [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map(
    ([, path = ""]) => new URL(path, base).href,
  );
  if (scripts.length === 0)
    return failed(NAME, `${base} is not the page: it loads no script`, "bun run build");
  for (const script of scripts) {
    const asset = await fetch(script, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!asset.ok) return failed(NAME, `${script} answers ${asset.status}`, "bun run build");
  }
  return passed(NAME, `${base} is served; there is no browser here to see entry ${sequence} in it`);
}

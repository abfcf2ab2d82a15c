import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where the browser is looked for. */
export const BROWSER = "/usr/bin/chromium";

/** Whether the page can be tested on this machine. */
export const HAS_BROWSER = existsSync(BROWSER);

/** Starts a real Chromium that talks to nobody but the page; another program may start it. */
export function launchBrowser(executablePath: string = BROWSER): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

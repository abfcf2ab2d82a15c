import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";

/** Where Debian puts it. */
export const CHROMIUM = "/usr/bin/chromium";

/** Whether this machine has a browser to look at the page with. */
export const hasChromium = existsSync(CHROMIUM);

/** Starts a real Chromium that talks to nobody but the page; another program may start it. */
export async function launchChromium(executablePath: string = CHROMIUM): Promise<Browser> {
  // Not every host that has the commands has what drives a browser.
  const { chromium } = await import("playwright-core");
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

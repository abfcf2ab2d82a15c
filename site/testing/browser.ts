/** A real Chromium for tests of the page. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../scripts/support/chromium.ts";
import { type SiteServer, serveSite } from "../serve.ts";

/** Whether there is a browser to test with. */
export { hasChromium } from "../../scripts/support/chromium.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** Who looks, where it matters. */
export interface Viewer {
  /** The zone that their clock shows the time of. */
  readonly zone?: string;
  /** What their clock says, standing still. */
  readonly clock?: Date;
}

/** The page as it is built now, served, and a browser to open it in. */
export class PageBench {
  readonly site: SiteServer;
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(site: SiteServer, browser: Browser, folder: string) {
    this.site = site;
    this.#browser = browser;
    this.#folder = folder;
  }

  /** Builds the page into a folder of its own, serves it, and starts the browser. */
  static async start(): Promise<PageBench> {
    const folder = await mkdtemp(join(tmpdir(), "fest-page-"));
    const vite = join(ROOT, "node_modules/vite/bin/vite.js");
    const build = Bun.spawn(
      [process.execPath, vite, "build", "site", "--outDir", folder, "--logLevel", "warn"],
      {
        cwd: ROOT,
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    const problem = await new Response(build.stderr).text();
    if ((await build.exited) !== 0) throw new Error(`the page cannot be built: ${problem}`);
    const browser = await launchChromium();
    return new PageBench(serveSite({ port: 0, dist: folder }), browser, folder);
  }

  /** Opens the page at a hash, in a window of its own; `complaints` gathers what its console says. */
  async open(
    hash: string,
    size = { width: 1440, height: 900 },
    { zone, clock }: Viewer = {},
  ): Promise<{ page: Page; complaints: string[] }> {
    const page = await this.#browser.newPage({ viewport: size, ...(zone && { timezoneId: zone }) });
    if (clock !== undefined) await page.clock.setFixedTime(clock);
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(this.site.url + hash);
    return { page, complaints };
  }

  /** Gives the served page a deployment of its own, or takes it away again (null). */
  async configure(config: unknown): Promise<void> {
    await Bun.write(join(this.#folder, "config.json"), JSON.stringify(config));
  }

  /** Ends the browser and the server. */
  async stop(): Promise<void> {
    await this.#browser.close();
    await this.site.stop();
    await rm(this.#folder, { recursive: true });
  }
}

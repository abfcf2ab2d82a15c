import type { CDPSession, Page } from "playwright-core";
import { PageBench } from "../../site/testing/browser.ts";
import { type Growth, growthOf } from "./growth.ts";

/** How a page that stayed open fared. */
export interface PageFigures {
  /** Looks at it, one every few seconds. */
  readonly looks: number;
  /** Times that it loaded again after the first. */
  readonly reloads: number;
  /** What its console said at level warning and above, dialogs and uncaught errors among it. */
  readonly complaints: readonly string[];
  /** Looks at which each state was shown by at least one panel or tile. */
  readonly states: Readonly<Record<string, number>>;
  /** Most looks in a row at which something was not live. */
  readonly longest_not_live: number;
  /** Entries that the ledger had and the page had not yet: the most at one look. */
  readonly most_behind: number;
  /** The last sequence number on the screen, and on the ledger at that moment. */
  readonly shown: number;
  readonly on_ledger: number;
  readonly heap_mb: Growth | null;
}

/** One look at the page. */
interface Look {
  readonly states: readonly string[];
  readonly shown: number;
}

/** Watches the dashboard in a real browser for as long as a soak goes. */
export class PageWatch {
  readonly #bench: PageBench;
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #complaints: string[];
  readonly #heaps: number[] = [];
  readonly #states = new Map<string, number>();
  #looks = 0;
  #loads = 0;
  #notLive = 0;
  #longestNotLive = 0;
  #mostBehind = 0;
  #shown = 0;
  #onLedger = 0;

  private constructor(bench: PageBench, page: Page, session: CDPSession, complaints: string[]) {
    this.#bench = bench;
    this.#page = page;
    this.#session = session;
    this.#complaints = complaints;
    page.on("load", () => {
      this.#loads++;
    });
  }

  /** Builds the page, serves it, and opens it at a hash. */
  static async open(hash: string): Promise<PageWatch> {
    const bench = await PageBench.start();
    const { page, complaints } = await bench.open(hash);
    await page.locator('[data-panel="festival"][data-state="live"]').waitFor({ timeout: 120_000 });
    return new PageWatch(bench, page, await page.context().newCDPSession(page), complaints);
  }

  /** Takes a look, while the ledger's last entry is `onLedger`. */
  async look(onLedger: number): Promise<void> {
    const look = await this.#page.evaluate(lookAround);
    const { usedSize } = await this.#session.send("Runtime.getHeapUsage");
    this.#looks++;
    this.#heaps.push(usedSize / 1_048_576);
    for (const state of new Set(look.states)) this.#states.set(state, (this.#states.get(state) ?? 0) + 1);
    this.#notLive = look.states.every(isWell) ? 0 : this.#notLive + 1;
    this.#longestNotLive = Math.max(this.#longestNotLive, this.#notLive);
    this.#mostBehind = Math.max(this.#mostBehind, onLedger - look.shown);
    this.#shown = look.shown;
    this.#onLedger = onLedger;
  }

  /** Closes the browser and says how it went. */
  async close(): Promise<PageFigures> {
    await this.#bench.stop();
    return {
      looks: this.#looks,
      reloads: this.#loads,
      complaints: [...new Set(this.#complaints)].slice(0, 20),
      states: Object.fromEntries(this.#states),
      longest_not_live: this.#longestNotLive,
      most_behind: this.#mostBehind,
      shown: this.#shown,
      on_ledger: this.#onLedger,
      heap_mb: growthOf(this.#heaps),
    };
  }
}

function isWell(state: string): boolean {
  return state === "live" || state === "empty";
}

/** Runs in the page: what its panels and tiles say of themselves. */
function lookAround(): Look {
  const found: Element[] = [];
  const search = (root: ParentNode): void => {
    for (const element of root.querySelectorAll("*")) {
      if (element.hasAttribute("data-panel") || element.hasAttribute("data-tile")) found.push(element);
      if (element.shadowRoot !== null) search(element.shadowRoot);
    }
  };
  search(document);
  return {
    states: found.map((element) => element.getAttribute("data-state") ?? "none"),
    shown: Math.max(0, ...found.map((element) => Number(element.getAttribute("data-seq")))),
  };
}

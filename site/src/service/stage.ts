import { describeError, FestError } from "../../../lib/hedera/error.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Fetch } from "../../../lib/mirror/http.ts";
import { type Deployment, deploymentOf, hashOf, type Parameters } from "../deployment/deployment.ts";
import type { FeedEntry } from "../ledger/feed.ts";
import type { OpenedFile } from "./file.ts";
import { FrameStore } from "./frame-store.ts";
import { type Session, startSession } from "./session.ts";
import { whenSettled } from "./settled.ts";
import { type LedgerSnapshot, NO_LEDGER, type Snapshot } from "./snapshot.ts";

/** What the page shows: one deployment at a time, from its mirror node or from a file, or why there is none. */
export class Stage {
  readonly store = new FrameStore<Snapshot>({
    ...NO_LEDGER,
    deployment: null,
    parameters: null,
    problem: null,
    moment: null,
  });
  #session: Session | null = null;
  #file: OpenedFile | null = null;
  /** The hash of the parameters that are shown; null for a file and for nothing. */
  #shown: string | null = null;

  /** The file that is shown, if one is. */
  get file(): OpenedFile | null {
    return this.#file;
  }

  /** Whether it is these parameters' deployment that is shown. */
  shows(parameters: Parameters): boolean {
    return this.#shown === hashOf(parameters);
  }

  /** Shows a deployment from its beginning, or says why the parameters name none. */
  show(parameters: Parameters): void {
    try {
      this.#begin(deploymentOf(parameters), parameters);
    } catch (error) {
      if (!(error instanceof FestError)) throw error;
      const untouched = Object.values(parameters).every((value) => value === undefined);
      this.clear(parameters, untouched ? null : error.message);
    }
    this.#shown = hashOf(parameters);
  }

  /** Shows the start screen with these parameters, and with what is wrong, if anything is. */
  clear(parameters: Parameters, problem: string | null): void {
    this.#end();
    this.store.change({ ...NO_LEDGER, deployment: null, parameters, problem });
  }

  /** Shows the festival that a file holds and answers true, or says why it does not. */
  async openFile(chosen: File): Promise<boolean> {
    try {
      const { openFile } = await (await import("../later.ts")).fileOpener();
      const opened = await openFile(chosen);
      this.#begin(opened.deployment, {}, opened.fetch);
      this.#file = opened;
      this.travel(null);
      return true;
    } catch (error) {
      this.clear(this.store.value.parameters ?? {}, describeError(error));
      return false;
    }
  }

  /** Shows the log as it was at a moment; null is now, or a file's end. */
  travel(moment: Timestamp | null): void {
    this.store.change({ moment: moment ?? this.#file?.end ?? null });
  }

  /** What it takes to check an entry and its task elsewhere, as text. @throws MirrorError */
  async evidence(entry: FeedEntry): Promise<string> {
    const { log, deployment } = this.store.value;
    if (deployment === null) return "";
    const { evidenceOf } = await import("../later.ts");
    return evidenceOf(log, entry, deployment, this.#file?.fetch ?? ((url, init) => fetch(url, init)));
  }

  #begin(deployment: Deployment, parameters: Parameters, fetch?: Fetch): void {
    this.#end();
    this.store.change({ ...NO_LEDGER, deployment, parameters, problem: null });
    let current = true;
    const take = (changes: Partial<LedgerSnapshot>) => {
      if (current) this.store.change(changes);
    };
    const started = startSession(deployment, take, whenSettled(this.store), fetch);
    this.#session = {
      stop() {
        current = false;
        started.stop();
      },
    };
  }

  #end(): void {
    this.#session?.stop();
    this.#session = null;
    this.#file = null;
    this.#shown = null;
  }
}

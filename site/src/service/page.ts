import { describeError, FestError } from "../../../lib/hedera/error.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import type { Fetch } from "../../../lib/mirror/http.ts";
import { CHOOSE, momentOf, withMoment, withParameters } from "../deployment/address.ts";
import {
  asksForDeployment,
  type Deployment,
  deploymentOf,
  hashOf,
  type Parameters,
  parametersOf,
  parseConfig,
} from "../deployment/deployment.ts";
import type { FeedEntry } from "../ledger/feed.ts";
import type { OpenedFile } from "./file.ts";
import { FrameStore } from "./frame-store.ts";
import { type Session, startSession } from "./session.ts";
import { type LedgerSnapshot, NO_LEDGER, type Snapshot } from "./snapshot.ts";

/** What the page's views read, and the two things that they can ask for. */
export interface Page {
  readonly store: FrameStore<Snapshot>;
  /** Shows another deployment, by way of the address. */
  open(parameters: Parameters): void;
  /** Shows the log as it was at a moment, or as it is (null). */
  travel(moment: Timestamp | null): void;
  /** Reads the deployment anew from its beginning. */
  restart(): void;
  /** Shows the festival that a file holds, or says why it does not. */
  openFile(file: File): Promise<void>;
  /** What it takes to check an entry and its task elsewhere, as text. @throws MirrorError */
  evidence(entry: FeedEntry): Promise<string>;
}

/** The parameter of the address that names an opened file. */
const FILE = "file";

/** Starts the page: the deployment is what the address names, or else what `config.json` does. */
export function startPage(): Page {
  const store = new FrameStore<Snapshot>({
    ...NO_LEDGER,
    deployment: null,
    parameters: null,
    problem: null,
    moment: null,
  });
  let session: Session | null = null;
  let shown = "";
  let file: OpenedFile | null = null;

  function show(parameters: Parameters): void {
    session?.stop();
    session = null;
    file = null;
    try {
      begin(deploymentOf(parameters), parameters);
    } catch (error) {
      if (!(error instanceof FestError)) throw error;
      const untouched = Object.values(parameters).every((value) => value === undefined);
      const problem = untouched ? null : error.message;
      store.change({ ...NO_LEDGER, deployment: null, parameters, problem });
    }
  }

  function begin(deployment: Deployment, parameters: Parameters, fetch?: Fetch): void {
    store.change({ ...NO_LEDGER, deployment, parameters, problem: null });
    let current = true;
    const take = (changes: Partial<LedgerSnapshot>) => {
      if (current) store.change(changes);
    };
    const started = startSession(deployment, take, fetch);
    session = {
      stop() {
        current = false;
        started.stop();
      },
    };
  }

  async function openFile(chosen: File): Promise<void> {
    try {
      const opened = await (await import("./file.ts")).openFile(chosen);
      show({});
      file = opened;
      begin(opened.deployment, {}, opened.fetch);
      location.hash = withParameters("", { [FILE]: chosen.name });
      store.change({ moment: opened.end });
    } catch (error) {
      const problem = describeError(error);
      session?.stop();
      store.change({ ...NO_LEDGER, deployment: null, parameters: store.value.parameters ?? {}, problem });
    }
  }

  async function readAddress(): Promise<void> {
    const named = new URLSearchParams(location.hash.slice(1)).get(FILE);
    if (named !== null && file?.deployment.file === named) {
      store.change({ moment: momentOf(location.hash) ?? file.end });
      return;
    }
    store.change({ moment: momentOf(location.hash) });
    if (named !== null) {
      const problem = `Choose the file ${named} again: no page may open a file by itself.`;
      store.change({ ...NO_LEDGER, deployment: null, parameters: {}, problem });
      return;
    }
    if (location.hash === CHOOSE) {
      session?.stop();
      shown = "";
      const { parameters } = store.value;
      store.change({ ...NO_LEDGER, deployment: null, parameters: parameters ?? {}, problem: null });
      return;
    }
    const given = parametersOf(location.hash);
    if (asksForDeployment(given)) {
      const hash = hashOf(given);
      if (hash === shown) return;
      shown = hash;
      show(given);
      return;
    }
    shown = "";
    try {
      show((await readConfig()) ?? {});
    } catch (error) {
      store.change({ ...NO_LEDGER, deployment: null, parameters: {}, problem: describeError(error) });
    }
  }

  addEventListener("hashchange", () => void readAddress());
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const dropped = event.dataTransfer?.files[0];
    if (dropped === undefined) return;
    event.preventDefault();
    void openFile(dropped);
  });
  void readAddress();

  return {
    store,
    open(parameters) {
      location.hash = hashOf(parameters);
    },
    travel(moment) {
      history.replaceState(null, "", withMoment(location.hash, moment));
      store.change({ moment: moment ?? file?.end ?? null });
    },
    restart() {
      show(store.value.parameters ?? {});
    },
    openFile,
    async evidence(entry) {
      const { log, deployment } = store.value;
      if (deployment === null) return "";
      const { evidenceOf } = await import("./evidence.ts");
      return evidenceOf(log, entry, deployment, file?.fetch ?? ((url, init) => fetch(url, init)));
    },
  };
}

/** @throws FestError `CONFIG_INVALID` */
async function readConfig(): Promise<Parameters | null> {
  const response = await fetch("./config.json", { cache: "no-cache" });
  if (response.status === 404) return null;
  if (!response.ok) {
    throw new FestError("CONFIG_INVALID", `config.json: the server answered ${response.status}`);
  }
  try {
    return parseConfig(await response.json());
  } catch (error) {
    if (error instanceof FestError) throw error;
    throw new FestError("CONFIG_INVALID", "config.json is not JSON", { cause: error });
  }
}

import { describeError, FestError } from "../../../lib/hedera/error.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { CHOOSE, momentOf, withMoment } from "../deployment/address.ts";
import {
  asksForDeployment,
  type Deployment,
  deploymentOf,
  hashOf,
  type Parameters,
  parametersOf,
  parseConfig,
} from "../deployment/deployment.ts";
import { FrameStore } from "./frame-store.ts";
import { type Session, startSession } from "./session.ts";
import { NO_LEDGER, type Snapshot } from "./snapshot.ts";

/** What the page's views read, and the two things that they can ask for. */
export interface Page {
  readonly store: FrameStore<Snapshot>;
  /** Shows another deployment, by way of the address. */
  open(parameters: Parameters): void;
  /** Shows the log as it was at a moment, or as it is (null). */
  travel(moment: Timestamp | null): void;
  /** Reads the deployment anew from its beginning. */
  restart(): void;
}

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

  function show(parameters: Parameters): void {
    session?.stop();
    session = null;
    try {
      begin(deploymentOf(parameters), parameters);
    } catch (error) {
      if (!(error instanceof FestError)) throw error;
      const untouched = Object.values(parameters).every((value) => value === undefined);
      const problem = untouched ? null : error.message;
      store.change({ ...NO_LEDGER, deployment: null, parameters, problem });
    }
  }

  function begin(deployment: Deployment, parameters: Parameters): void {
    store.change({ ...NO_LEDGER, deployment, parameters, problem: null });
    let current = true;
    const started = startSession(deployment, (changes) => {
      if (current) store.change(changes);
    });
    session = {
      stop() {
        current = false;
        started.stop();
      },
    };
  }

  async function readAddress(): Promise<void> {
    store.change({ moment: momentOf(location.hash) });
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
  void readAddress();

  return {
    store,
    open(parameters) {
      location.hash = hashOf(parameters);
    },
    travel(moment) {
      history.replaceState(null, "", withMoment(location.hash, moment));
      store.change({ moment });
    },
    restart() {
      show(store.value.parameters ?? {});
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

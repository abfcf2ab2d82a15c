import { describeError } from "../../../lib/hedera/error.ts";
import type { Timestamp } from "../../../lib/hedera/timestamp.ts";
import { CHOOSE, momentOf, withMoment, withParameters } from "../deployment/address.ts";
import { asksForDeployment, hashOf, type Parameters, parametersOf } from "../deployment/deployment.ts";
import type { FeedEntry } from "../ledger/feed.ts";
import { readConfig } from "./config.ts";
import type { FrameStore } from "./frame-store.ts";
import type { Snapshot } from "./snapshot.ts";
import { Stage } from "./stage.ts";

/** What the page's views read, and the things that they can ask for. */
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
  const stage = new Stage();
  const openFile = async (file: File) => {
    if (await stage.openFile(file)) location.hash = withParameters("", { [FILE]: file.name });
  };
  addEventListener("hashchange", () => void followAddress(stage));
  takeDroppedFiles(openFile);
  void followAddress(stage);
  return {
    store: stage.store,
    open(parameters) {
      location.hash = hashOf(parameters);
    },
    travel(moment) {
      history.replaceState(null, "", withMoment(location.hash, moment));
      stage.travel(moment);
    },
    restart() {
      stage.show(stage.store.value.parameters ?? {});
    },
    openFile,
    evidence: (entry) => stage.evidence(entry),
  };
}

/** Shows what the address names, unless it is shown already. */
async function followAddress(stage: Stage): Promise<void> {
  const { hash } = location;
  const named = new URLSearchParams(hash.slice(1)).get(FILE);
  if (named !== null && stage.file?.deployment.file === named) {
    stage.travel(momentOf(hash));
    return;
  }
  stage.store.change({ moment: momentOf(hash) });
  if (named !== null) {
    stage.clear({}, `Choose the file ${named} again: no page may open a file by itself.`);
    return;
  }
  if (hash === CHOOSE) {
    stage.clear(stage.store.value.parameters ?? {}, null);
    return;
  }
  try {
    const given = parametersOf(hash);
    const parameters = asksForDeployment(given) ? given : ((await readConfig()) ?? {});
    if (!stage.shows(parameters)) stage.show(parameters);
  } catch (error) {
    stage.clear({}, describeError(error));
  }
}

function takeDroppedFiles(open: (file: File) => Promise<void>): void {
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const dropped = event.dataTransfer?.files[0];
    if (dropped === undefined) return;
    event.preventDefault();
    void open(dropped);
  });
}

import { coldStart } from "../../lib/agent/cold-start.ts";
import { fold } from "../../lib/festival/fold.ts";
import { EMPTY_STATE, type State } from "../../lib/festival/state.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { itemsFrom } from "../../lib/mirror/page.ts";
import { namedLog, namedMirror } from "./named.ts";

/**
 * The state of a log from the mirror node alone, as it is now.
 *
 * @param options the command's; by default `FEST_LOG` and the mirror node of `HEDERA_NETWORK`
 * @throws FestError `LOG_MISSING`, `LOG_EMPTY`; MirrorError
 */
export async function readLogState(options: {
  readonly log?: string;
  readonly mirror?: string;
}): Promise<State> {
  const topic = namedLog(options.log);
  const mirror = namedMirror(options.mirror);
  const start = await coldStart(mirror, topic);
  let state = start?.state ?? EMPTY_STATE;
  const after = start === null ? {} : { sequenceAfter: start.message.sequence };
  const first = await mirror.topicMessages({ topic, ...after, limit: 100, order: "asc" });
  for await (const message of itemsFrom(first)) state = fold(state, message);
  if (state.manifest !== null) return state;
  throw new FestError("LOG_EMPTY", `topic ${topic} has no manifest`, { fix: "Name the festival's log." });
}

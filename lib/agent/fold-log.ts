import { fold } from "../festival/fold.ts";
import { EMPTY_STATE, type State } from "../festival/state.ts";
import type { TopicId } from "../hedera/id.ts";
import type { Mirror } from "../mirror/client.ts";
import { itemsFrom } from "../mirror/page.ts";
import { coldStart } from "./cold-start.ts";

/** A log folded to its head, from the newest checkpoint on. @throws MirrorError */
export async function foldLog(mirror: Mirror, topic: TopicId): Promise<State> {
  const cold = await coldStart(mirror, topic);
  let state = cold?.state ?? EMPTY_STATE;
  const after = cold === null ? {} : { sequenceAfter: cold.message.sequence };
  const first = await mirror.topicMessages({ topic, limit: 100, order: "asc", ...after });
  for await (const message of itemsFrom(first)) state = fold(state, message);
  return state;
}

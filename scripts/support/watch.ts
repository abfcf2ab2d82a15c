import { fold } from "../../lib/festival/fold.ts";
import { EMPTY_STATE, type State } from "../../lib/festival/state.ts";
import type { TopicId } from "../../lib/hedera/id.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import { follow } from "../../lib/mirror/follow.ts";
import type { Message } from "../../lib/mirror/message.ts";
import type { WakeSource } from "../../lib/mirror/wake.ts";

/** One entry of a log, and the states before and after it. */
export interface Turn {
  readonly message: Message;
  readonly before: State;
  readonly after: State;
}

/** Follows and folds a log, turn by turn, until the signal ends it. */
export async function* watchLog(options: {
  mirror: Mirror;
  log: TopicId;
  wake: WakeSource;
  signal: AbortSignal;
}): AsyncGenerator<Turn, void, undefined> {
  const { mirror, log: topic, wake, signal } = options;
  let before: State = EMPTY_STATE;
  for await (const message of follow({ mirror, topic, wake, signal })) {
    const after = fold(before, message);
    yield { message, before, after };
    before = after;
  }
}

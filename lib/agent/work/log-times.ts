import type { TopicId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { Mirror } from "../../mirror/client.ts";
import { MirrorUnavailable } from "../../mirror/error.ts";

const times = new WeakMap<Mirror, Map<string, Timestamp>>();

/** When an entry of a log reached consensus. @throws MirrorUnavailable as long as the mirror node does not have it */
export async function timeOfEntry(mirror: Mirror, log: TopicId, sequence: number): Promise<Timestamp> {
  const ofMirror = times.get(mirror) ?? new Map<string, Timestamp>();
  times.set(mirror, ofMirror);
  const key = `${log} ${sequence}`;
  const known = ofMirror.get(key);
  if (known !== undefined) return known;
  const message = await mirror.topicMessage(log, sequence);
  if (message === null)
    throw new MirrorUnavailable(`the mirror node does not have entry ${sequence} of ${log}`);
  ofMirror.set(key, message.timestamp);
  return message.timestamp;
}

import type { TopicId } from "../../hedera/id.ts";
import type { Timestamp } from "../../hedera/timestamp.ts";
import type { Mirror } from "../../mirror/client.ts";
import { MirrorUnavailable } from "../../mirror/error.ts";

const times = new Map<string, Timestamp>();

/** When an entry of a log reached consensus. @throws MirrorUnavailable as long as the mirror node does not have it */
export async function timeOfEntry(mirror: Mirror, log: TopicId, sequence: number): Promise<Timestamp> {
  const key = `${mirror.baseUrl} ${log} ${sequence}`;
  const known = times.get(key);
  if (known !== undefined) return known;
  const message = await mirror.topicMessage(log, sequence);
  if (message === null)
    throw new MirrorUnavailable(`the mirror node does not have entry ${sequence} of ${log}`);
  times.set(key, message.timestamp);
  return message.timestamp;
}

import type { Clock } from "./clock.ts";
import { createHttp, type HttpOptions } from "./http.ts";
import { type TopicReads, topicReads } from "./topic.ts";

/** What following a topic needs of a mirror node: a part of what a whole client gives, for those who need no more. */
export interface TopicMirror extends TopicReads {
  /** Without a trailing slash and without `/api/v1`. */
  readonly baseUrl: string;
  readonly clock: Clock;
}

/**
 * A client that reads topics at `baseUrl`, and nothing else.
 *
 * @throws MirrorError `MIRROR_URL_INVALID`
 */
export function createTopicMirror(options: HttpOptions): TopicMirror {
  const http = createHttp(options);
  return { baseUrl: http.baseUrl, clock: http.clock, ...topicReads(http) };
}

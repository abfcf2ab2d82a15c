/** The log and the mirror node that a command's options name, or else its environment. */
import { FestError } from "../../lib/hedera/error.ts";
import { parseTopicId, type TopicId } from "../../lib/hedera/id.ts";
import { networkFromEnv } from "../../lib/hedera/network-env.ts";
import { createMirror, type Mirror } from "../../lib/mirror/client.ts";

/** The log of `--log`, or `FEST_LOG`. @throws FestError `LOG_MISSING`, `ID_INVALID` */
export function namedLog(option: string | undefined): TopicId {
  const name = option ?? process.env.FEST_LOG;
  if (!name) throw new FestError("LOG_MISSING", "no log is named", { fix: "Give --log or set FEST_LOG." });
  return parseTopicId(name);
}

/** The mirror node of `--mirror`, or that of `HEDERA_NETWORK`. @throws FestError where the environment names no network */
export function namedMirror(option: string | undefined): Mirror {
  return createMirror({ baseUrl: option ?? networkFromEnv(process.env).mirror });
}

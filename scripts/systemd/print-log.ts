/** Prints the log that an environment file names, from the mirror node alone, in the form of `RawEntry`. */
import { readFileSync } from "node:fs";
import { parseTopicId } from "../../lib/hedera/id.ts";
import { formatTimestamp } from "../../lib/hedera/timestamp.ts";
import { createMirror } from "../../lib/mirror/client.ts";
import { allItems } from "../../lib/mirror/page.ts";
import { parseEnvFile } from "../support/env-file.ts";

const { env } = parseEnvFile(readFileSync(process.argv[2] ?? "", "utf8"));
const mirror = createMirror({ baseUrl: env.HEDERA_MIRROR_URL ?? "" });
const topic = parseTopicId(env.FEST_LOG ?? "");
const messages = await allItems(await mirror.topicMessages({ topic, limit: 100, order: "asc" }));
const entries = messages.map(({ sequence, timestamp, payer, bytes, runningHash }) => ({
  ...JSON.parse(new TextDecoder().decode(bytes)),
  sequence,
  timestamp: formatTimestamp(timestamp),
  payer,
  runningHash: runningHash.toBase64(),
}));
console.log(JSON.stringify(entries));

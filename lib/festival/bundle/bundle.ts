import * as z from "zod/mini";
import { FestError } from "../../hedera/error.ts";
import { entityId, tokenId, topicId } from "../../mirror/field.ts";
import { parseJson } from "../../mirror/json.ts";
import { stringifyJson } from "../../mirror/json-text.ts";

/** Which form of bundle this code writes and reads. */
export const BUNDLE_VERSION = 1;

const header = z.object({
  kind: z.literal("fest-bundle"),
  version: z.literal(BUNDLE_VERSION),
  /** A whole festival, from its first entry on; or some of its entries with what they point to. */
  scope: z.enum(["festival", "selection"]),
  /** The network's name, such as `testnet`. */
  network: z.string().check(z.regex(/^[a-z]{1,32}$/)),
  log: topicId,
  vitals: z.nullable(topicId),
  /** Which mirror node gave all this. */
  mirror: z.string().check(z.maxLength(500)),
});

// Bodies stay as the mirror node gave them; read here is only what they are found by.
const leg = z.looseObject({ account: entityId });
const bodies = {
  message: z.looseObject({
    topic_id: topicId,
    sequence_number: z.int().check(z.positive()),
    consensus_timestamp: z.string(),
  }),
  transaction: z.looseObject({
    transaction_id: z.string(),
    consensus_timestamp: z.string(),
    name: z.string(),
    result: z.string(),
    scheduled: z.boolean(),
    nonce: z.int(),
    transfers: z.array(leg),
    token_transfers: z.array(leg),
  }),
  schedule: z.looseObject({ schedule_id: entityId }),
  token: z.looseObject({ token_id: tokenId }),
  topic: z.looseObject({ topic_id: topicId }),
  block: z.looseObject({ number: z.int() }),
};
const hex96 = z.string().check(z.regex(/^[0-9a-f]{96}$/));

const record = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("message"),
    /** The running hash before it, where the message before is not in the bundle. */
    before: z.optional(hex96),
    body: bodies.message,
  }),
  z.object({ kind: z.literal("transaction"), body: bodies.transaction }),
  z.object({ kind: z.literal("schedule"), body: bodies.schedule }),
  z.object({ kind: z.literal("token"), body: bodies.token }),
  z.object({ kind: z.literal("topic"), body: bodies.topic }),
  z.object({ kind: z.literal("block"), body: bodies.block }),
  z.object({
    kind: z.literal("rate"),
    /** At which time it was asked for. */
    at: z.string().check(z.regex(/^\d{1,12}\.\d{9}$/)),
    /** Null: the mirror node has none from then. */
    body: z.nullable(z.looseObject({ timestamp: z.string() })),
  }),
]);

/** What a bundle says of itself, its first line. */
export type BundleHeader = z.output<typeof header>;
/** Something that the mirror node answered: one line of a bundle. */
export type BundleRecord = z.output<typeof record>;

/** A festival's log, vitals and everything on the ledger that they point to, as a mirror node gave it. */
export interface Bundle {
  readonly header: BundleHeader;
  readonly records: readonly BundleRecord[];
}

/**
 * Reads a bundle: JSON Lines, the header first. Its content may be anybody's; it
 * is checked line by line, and what it claims is for `verify` to judge.
 *
 * @throws FestError `BUNDLE_INVALID` with the line
 */
export function parseBundle(text: string): Bundle {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const [first, ...rest] = lines;
  return {
    header: parseLine(first ?? "", 1, header),
    records: rest.map((line, index) => parseLine(line, index + 2, record)),
  };
}

/** Writes a bundle; {@link parseBundle} reads it. */
export function formatBundle({ header: head, records }: Bundle): string {
  return [head, ...records].map((line) => `${stringifyJson(line)}\n`).join("");
}

/** Reads one record; null if it is none. */
export function readRecord(value: unknown): BundleRecord | null {
  const parsed = z.safeParse(record, value);
  return parsed.success ? parsed.data : null;
}

/** What a record is known by: a bundle holds one of each. */
export function recordKey(one: BundleRecord): string {
  switch (one.kind) {
    case "message":
      return `message ${one.body.topic_id} ${one.body.sequence_number}`;
    case "transaction":
      return `transaction ${one.body.transaction_id} ${one.body.consensus_timestamp}`;
    case "schedule":
      return `schedule ${one.body.schedule_id}`;
    case "token":
      return `token ${one.body.token_id}`;
    case "topic":
      return `topic ${one.body.topic_id}`;
    case "block":
      return `block ${one.body.number}`;
    case "rate":
      return `rate ${one.at}`;
  }
}

/**
 * A bundle with what another one of the same log has beyond it.
 *
 * @throws FestError `BUNDLE_CONFLICT` if a message of one has another text in the other
 */
export function mergeBundles(older: Bundle, newer: Bundle): Bundle {
  if (older.header.log !== newer.header.log || older.header.network !== newer.header.network) {
    throw new FestError(
      "BUNDLE_CONFLICT",
      `the bundle is of log ${older.header.log} on ${older.header.network}, not of ${newer.header.log} on ${newer.header.network}`,
      { fix: "Write another file." },
    );
  }
  const records = new Map(older.records.map((one) => [recordKey(one), one]));
  for (const one of newer.records) {
    const key = recordKey(one);
    const known = records.get(key);
    if (one.kind === "message" && known !== undefined && stringifyJson(known) !== stringifyJson(one)) {
      throw new FestError("BUNDLE_CONFLICT", `the mirror node now has another ${key} than the bundle`, {
        fix: "Keep the bundle: it may be the truth. Write another file, and verify both.",
      });
    }
    records.set(key, one);
  }
  return { header: newer.header, records: [...records.values()] };
}

function parseLine<T>(line: string, number: number, schema: z.ZodMiniType<T>): T {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch (error) {
    throw new FestError("BUNDLE_INVALID", `line ${number} of the bundle is not JSON`, { cause: error });
  }
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") || "it";
  throw new FestError("BUNDLE_INVALID", `line ${number} of the bundle: ${field}: ${issue?.message}`, {
    fix: "A bundle is written by `bun run archive`, or copied as evidence from the page.",
  });
}

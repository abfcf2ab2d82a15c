import * as z from "zod/mini";
import {
  type AccountId,
  type EntityId,
  isEntityId,
  type ScheduleId,
  type TokenId,
  type TopicId,
} from "../hedera/id.ts";
import { parseTimestamp, type Timestamp, timestampOf } from "../hedera/timestamp.ts";
import { parseTransactionId } from "../hedera/transaction-id.ts";

/** Turns a string with a reader that throws into a schema that reports. */
function read<T>(reader: (text: string) => T) {
  return z.pipe(
    z.string(),
    z.transform((text, context): T => {
      try {
        return reader(text);
      } catch (error) {
        context.issues.push({ code: "custom", input: text, message: String(error) });
        return z.NEVER;
      }
    }),
  );
}

function idField<Id extends EntityId>() {
  return z.custom<Id>((value) => typeof value === "string" && isEntityId(value), "not an entity id");
}

/** The id of any entity, `0.0.N`. */
export const entityId = idField<EntityId>();
/** An account id, `0.0.N`. */
export const accountId = idField<AccountId>();
/** A topic id, `0.0.N`. */
export const topicId = idField<TopicId>();
/** A token id, `0.0.N`. */
export const tokenId = idField<TokenId>();
/** A schedule id, `0.0.N`. */
export const scheduleId = idField<ScheduleId>();

/** `seconds.nanoseconds` as a {@link Timestamp}. */
export const timestamp = read<Timestamp>(parseTimestamp);

/** A transaction id in the mirror node's form, `0.0.2-seconds-nanoseconds`. */
export const transactionId = read(parseTransactionId);

/** An int64 that {@link parseJson} left exact. */
export const int64 = z.pipe(
  z.union([z.int(), z.bigint()]),
  z.transform((value) => BigInt(value)),
);

/** An int64 that the mirror node writes as a string, such as a token's supply. */
export const int64Text = z.pipe(
  z.string().check(z.regex(/^-?\d{1,19}$/)),
  z.transform((text) => BigInt(text)),
);

/** Whole seconds since 1970 as a {@link Timestamp}. */
export const unixSeconds = z.pipe(
  z.int(),
  z.transform((seconds): Timestamp => timestampOf(seconds)),
);

/** Standard base64 as bytes. */
export const base64 = read((text) => Uint8Array.fromBase64(text));

/** Base64 of UTF-8 text; `null` is the empty text. */
export const base64Text = z.pipe(
  z.nullable(base64),
  z.transform((bytes) => (bytes === null ? "" : new TextDecoder().decode(bytes))),
);

/** A public key as the mirror node shows it; `null` where there is none. */
export interface MirrorKey {
  /** `ProtobufEncoded` is a key list or threshold key, as protobuf bytes. */
  readonly type: "ED25519" | "ECDSA_SECP256K1" | "ProtobufEncoded";
  /** Raw key (32 or 33 bytes) or protobuf `Key`, in lower-case hex. */
  readonly hex: string;
}

/** A {@link MirrorKey} or `null`. */
export const key = z.nullable(
  z.pipe(
    z.object({
      _type: z.enum(["ED25519", "ECDSA_SECP256K1", "ProtobufEncoded"]),
      key: z.string().check(z.regex(/^[0-9a-f]*$/)),
    }),
    z.transform((wire): MirrorKey => ({ type: wire._type, hex: wire.key })),
  ),
);

/** Where the next page is, or null. */
export const links = z.object({ next: z.nullable(z.string()) });

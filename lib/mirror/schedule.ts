import * as z from "zod/mini";
import type { AccountId, ScheduleId } from "../hedera/id.ts";
import type { Timestamp } from "../hedera/timestamp.ts";
import { accountId, base64, key, links, type MirrorKey, scheduleId, timestamp } from "./field.ts";
import { type Http, pathWithQuery, type ReadOptions } from "./http.ts";
import { type Page, type PageQuery, readPage } from "./page.ts";

/** A signature that a schedule holds. */
export interface ScheduleSignature {
  /** The first bytes of the public key, enough to tell it from the others. */
  readonly publicKeyPrefix: Uint8Array;
  readonly signature: Uint8Array;
  /** `ED25519`, `ECDSA_SECP256K1`, `CONTRACT`, ... */
  readonly type: string;
  readonly timestamp: Timestamp;
}

/** A schedule. */
export interface MirrorSchedule {
  readonly id: ScheduleId;
  readonly creator: AccountId;
  /** Who pays for the scheduled transaction. */
  readonly payer: AccountId;
  readonly memo: string;
  readonly adminKey: MirrorKey | null;
  readonly created: Timestamp;
  /** When it executed; whether it succeeded is in the scheduled transaction's own record. */
  readonly executed: Timestamp | null;
  readonly expiration: Timestamp | null;
  readonly deleted: boolean;
  readonly waitForExpiry: boolean;
  /** Protobuf `SchedulableTransactionBody`. */
  readonly body: Uint8Array;
  readonly signatures: readonly ScheduleSignature[];
}

/** Which schedules. */
export interface SchedulesQuery extends PageQuery {
  /** Who created them. */
  readonly creator?: AccountId;
}

/** What can be read of schedules. Every method throws {@link MirrorError}s. */
export interface ScheduleReads {
  /** The schedule, or null if there is none. */
  schedule(id: ScheduleId, options?: ReadOptions): Promise<MirrorSchedule | null>;
  /** A page of schedules, oldest first by default: executed, deleted and expired ones, too. */
  schedules(query: SchedulesQuery, options?: ReadOptions): Promise<Page<MirrorSchedule>>;
}

const signatureSchema = z.object({
  public_key_prefix: base64,
  signature: base64,
  type: z.string(),
  consensus_timestamp: timestamp,
});

const scheduleSchema = z.pipe(
  z.object({
    schedule_id: scheduleId,
    creator_account_id: accountId,
    payer_account_id: accountId,
    memo: z.string(),
    admin_key: key,
    consensus_timestamp: timestamp,
    executed_timestamp: z.nullable(timestamp),
    expiration_time: z.nullable(timestamp),
    deleted: z.boolean(),
    wait_for_expiry: z.boolean(),
    transaction_body: base64,
    signatures: z.array(signatureSchema),
  }),
  z.transform(
    (wire): MirrorSchedule => ({
      id: wire.schedule_id,
      creator: wire.creator_account_id,
      payer: wire.payer_account_id,
      memo: wire.memo,
      adminKey: wire.admin_key,
      created: wire.consensus_timestamp,
      executed: wire.executed_timestamp,
      expiration: wire.expiration_time,
      deleted: wire.deleted,
      waitForExpiry: wire.wait_for_expiry,
      body: wire.transaction_body,
      signatures: wire.signatures.map((signature) => ({
        publicKeyPrefix: signature.public_key_prefix,
        signature: signature.signature,
        type: signature.type,
        timestamp: signature.consensus_timestamp,
      })),
    }),
  ),
);

const listSchema = z.object({ schedules: z.array(scheduleSchema), links });

/** The reads of `/schedules`. */
export function scheduleReads(http: Http): ScheduleReads {
  return {
    schedule: (id, options) => http.find(`/api/v1/schedules/${id}`, scheduleSchema, options),
    schedules({ creator, limit, order }, options) {
      const path = pathWithQuery("/api/v1/schedules", [
        ["account.id", creator],
        ["limit", limit],
        ["order", order],
      ]);
      return readPage(http, path, listSchema, (body) => body.schedules, options);
    },
  };
}

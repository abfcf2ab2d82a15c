/**
 * The wire form of `subscribeTopic` over gRPC-Web, as far as waking needs it: the
 * query, and where the answer's frames begin and end. What a message holds is read over REST.
 *
 * Source: `mirror/consensus_service.proto` (ConsensusTopicQuery), the gRPC-Web protocol (PROTOCOL-WEB.md).
 */
import { FestError } from "../hedera/error.ts";
import type { TopicId } from "../hedera/id.ts";
import { nanosOf, secondsOf, type Timestamp } from "../hedera/timestamp.ts";

/** The path below a gRPC-Web endpoint. */
export const SUBSCRIBE_TOPIC = "/com.hedera.mirror.api.proto.ConsensusService/subscribeTopic";
/** What a gRPC-Web request says of itself. */
export const GRPC_WEB_HEADERS = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" } as const;

const HEADER_BYTES = 5;
const TRAILER_FLAG = 0x80;
/** A topic's message has 1,024 bytes and a frame little more; what claims to be longer is something else. */
const MAX_FRAME_BYTES = 65_536;
/**
 * A framed `ConsensusTopicQuery` for a topic's messages.
 *
 * @param since from this consensus time on; from now on without it
 */
export function subscribeQuery(topic: TopicId, since: Timestamp | null): Uint8Array<ArrayBuffer> {
  const [shard = "0", realm = "0", num = "0"] = topic.split(".");
  const id = message(number(1, BigInt(shard)), number(2, BigInt(realm)), number(3, BigInt(num)));
  const start =
    since === null ? [] : field(2, message(number(1, secondsOf(since)), number(2, BigInt(nanosOf(since)))));
  const query = message(field(1, id), start);
  return Uint8Array.from([0, 0, 0, 0, query.length, ...query]);
}

type Bytes = readonly number[];

function message(...fields: readonly Bytes[]): Bytes {
  return fields.flat();
}

/** A field that holds bytes; none of this query's has more than 127. */
function field(at: number, bytes: Bytes): Bytes {
  return [(at << 3) | 2, bytes.length, ...bytes];
}

function number(at: number, value: bigint): Bytes {
  return [at << 3, ...varint(value)];
}

function varint(value: bigint): Bytes {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest > 0n);
  return bytes;
}

/** One frame of an answer: a message, or the trailers that end it, with the gRPC status in words. */
export type SubscribeFrame =
  | { readonly kind: "message" }
  | { readonly kind: "trailers"; readonly status: string };

/** Cuts an answer's bytes into frames, however they arrive. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array();

  /** The frames that are complete with these bytes. @throws FestError `STREAM_INVALID` */
  read(bytes: Uint8Array): readonly SubscribeFrame[] {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const frames: SubscribeFrame[] = [];
    let at = 0;
    while (all.length - at >= HEADER_BYTES) {
      const length = new DataView(all.buffer, at).getUint32(1);
      if (length > MAX_FRAME_BYTES) throw new FestError("STREAM_INVALID", "the answer is not gRPC-Web");
      const end = at + HEADER_BYTES + length;
      if (end > all.length) break;
      const isTrailers = ((all[at] ?? 0) & TRAILER_FLAG) !== 0;
      frames.push(
        isTrailers
          ? { kind: "trailers", status: statusOf(all.subarray(at + HEADER_BYTES, end)) }
          : { kind: "message" },
      );
      at = end;
    }
    this.#rest = all.slice(at);
    return frames;
  }
}

function statusOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*?)\\s*$`, "im").exec(text)?.[1] ?? "";
  const message = field("grpc-message");
  return `status ${field("grpc-status") || "unknown"}${message === "" ? "" : ` (${decoded(message)})`}`;
}

/** gRPC percent-encodes messages; one that is not is shown as it is. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

import * as z from "zod/mini";
import { FestError } from "../../hedera/error.ts";
import { readShape } from "../shape.ts";

/** The streams that a fault can be put on: mirror gRPC, gRPC-Web and the relay's WebSocket. */
const STREAMS = ["grpc", "grpc-web", "ws"] as const;
/** A kind of stream. */
export type StreamKind = (typeof STREAMS)[number];

const positive = z.int().check(z.gte(1));
const ms = z.int().check(z.gte(1), z.lte(86_400_000));

/** On every how many-th occasion a fault strikes (default 1, every time), and after how many strikes it is over (default never). */
const occasions = { every: z.optional(positive), count: z.optional(positive) };
/** Of REST faults: only requests whose path starts so. */
const rest = { path: z.optional(z.string().check(z.startsWith("/"))), ...occasions };
/** Of stream faults: only streams of this kind. */
const stream = { stream: z.optional(z.enum(STREAMS)) };
const rate = { per_second: positive };

/** Every fault that a devnet can have; see docs/devnet.md for what each does. */
export const FAULTS = {
  /** So many milliseconds more between `OK` and consensus. */
  finality: z.strictObject({ kind: z.literal("finality"), ms }),
  /** So many milliseconds more between consensus and the mirror: until then, 404. */
  "mirror-lag": z.strictObject({ kind: z.literal("mirror-lag"), ms }),
  /** The node refuses the call (gRPC `UNAVAILABLE`) and does nothing. */
  "node-unavailable": z.strictObject({ kind: z.literal("node-unavailable"), ...occasions }),
  /** The node answers `BUSY` and does nothing. */
  "node-busy": z.strictObject({ kind: z.literal("node-busy"), ...occasions }),
  /** The node does what it is asked, but the answer is lost with the connection (gRPC `UNAVAILABLE`). */
  "node-drop": z.strictObject({ kind: z.literal("node-drop"), ...occasions }),
  /** The node does what it is asked and never answers; the client's deadline ends the call. */
  "node-stall": z.strictObject({ kind: z.literal("node-stall"), ...occasions }),
  /** The request arrives twice, as through a proxy that retries; the second answer is the one that comes back. */
  "node-duplicate": z.strictObject({ kind: z.literal("node-duplicate"), ...occasions }),
  /** Transactions beyond so many a second get `BUSY` at pre-check. */
  "throttle-precheck": z.strictObject({ kind: z.literal("throttle-precheck"), ...rate }),
  /** Transactions beyond so many a second end as `THROTTLED_AT_CONSENSUS`, their fees charged. */
  "throttle-consensus": z.strictObject({ kind: z.literal("throttle-consensus"), ...rate }),
  /** REST answers with this status; `retry_after` (seconds) becomes the header. */
  "rest-error": z.strictObject({
    kind: z.literal("rest-error"),
    status: z.int().check(z.gte(400), z.lte(599)),
    retry_after: z.optional(z.int().check(z.gte(0))),
    ...rest,
  }),
  /** REST sends half of its body and then nothing more. */
  "rest-stall": z.strictObject({ kind: z.literal("rest-stall"), ...rest }),
  /** REST sends half of its body and then breaks the connection. */
  "rest-cut": z.strictObject({ kind: z.literal("rest-cut"), ...rest }),
  /** Every other REST answer (or as `every` says) comes from a replica that is so many milliseconds behind. */
  "rest-stale": z.strictObject({ kind: z.literal("rest-stale"), ms, ...rest }),
  /** Streams stay open and deliver nothing until the fault is over. */
  "stream-stall": z.strictObject({ kind: z.literal("stream-stall"), ...stream }),
  /** A stream breaks off instead of delivering a message. */
  "stream-cut": z.strictObject({ kind: z.literal("stream-cut"), ...stream, ...occasions }),
  /** A stream delivers a message twice. */
  "stream-duplicate": z.strictObject({ kind: z.literal("stream-duplicate"), ...stream, ...occasions }),
} as const;

/** The name of a fault. */
export type FaultKind = keyof typeof FAULTS;
/** A fault of one kind. */
export type FaultOf<Kind extends FaultKind> = z.infer<(typeof FAULTS)[Kind]>;
/** Any fault. */
export type Fault = { [Kind in FaultKind]: FaultOf<Kind> }[FaultKind];

const Named = z.looseObject({ kind: z.string() });

/** Reads a fault from JSON. @throws FestError `FAULT_INVALID` */
export function readFault(json: unknown): Fault {
  const named = z.safeParse(Named, json);
  const kind = named.success ? named.data.kind : null;
  if (kind === null || !isKind(kind)) {
    const known = Object.keys(FAULTS).join(", ");
    throw invalid(`${JSON.stringify(kind)} is not a fault`, `Choose one of ${known}.`);
  }
  return readShape<Fault>(FAULTS[kind], json, {
    code: "FAULT_INVALID",
    message: `the fault ${kind} cannot be had like that`,
  });
}

/**
 * Reads a fault as a command line says it: `<kind>` or
 * `<kind>:<name>=<value>,...`, for example `rest-error:status=429,retry_after=2,every=3`.
 *
 * @throws FestError `FAULT_INVALID`
 */
export function parseFault(text: string): Fault {
  const [, kind = text, parameters] = /^([^:]*):(.*)$/.exec(text) ?? [];
  const fault: Record<string, unknown> = { kind };
  for (const pair of parameters?.split(",") ?? []) {
    const [name = "", value] = pair.split("=");
    if (value === undefined) throw invalid(`${JSON.stringify(pair)} says nothing`, "Write <name>=<value>.");
    fault[name] = /^\d+$/.test(value) ? Number(value) : value;
  }
  return readFault(fault);
}

function isKind(kind: string): kind is FaultKind {
  return Object.hasOwn(FAULTS, kind);
}

function invalid(message: string, fix: string): FestError {
  return new FestError("FAULT_INVALID", message, { fix });
}

import { describeError } from "../../hedera/error.ts";
import { breakOff } from "../fault/rest.ts";
import { STREAM_STATUS, StreamRefused, type StreamSource, streamedMessages } from "./topic-stream.ts";
import { MAX_QUERY_BYTES, readTopicQuery, writeTopicResponse } from "./topic-wire.ts";

const CONTENT_TYPE = "application/grpc-web+proto";
const FRAME_HEADER_BYTES = 5;
const MESSAGE_FLAG = 0x00;
const TRAILER_FLAG = 0x80;
const UNKNOWN = 2;

const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "POST, OPTIONS",
  "Access-Control-Expose-Headers": "grpc-status, grpc-message",
};

/**
 * Answers `subscribeTopic` over gRPC-Web: a POST with one framed query, and a
 * body that streams framed messages and ends with a frame of trailers. It is
 * what a browser can read with `fetch`.
 */
export async function subscribeOverWeb(source: StreamSource, request: Request): Promise<Response> {
  if (request.method === "OPTIONS") return preflight(request);
  if (request.method !== "POST") return new Response("Use POST", { status: 405, headers: CORS });
  const query = new Uint8Array(await request.arrayBuffer());
  const cancelled = new AbortController();
  request.signal.addEventListener("abort", () => cancelled.abort());
  const frames = responseFrames(source, query, cancelled.signal);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await frames.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        if (!isBrokenOff(error)) throw error;
        await breakOff(controller);
      }
    },
    cancel: () => cancelled.abort(),
  });
  return new Response(body, { headers: { ...CORS, "Content-Type": CONTENT_TYPE } });
}

function preflight(request: Request): Response {
  const asked =
    request.headers.get("Access-Control-Request-Headers") ?? "content-type, x-grpc-web, x-user-agent";
  return new Response(null, { status: 204, headers: { ...CORS, "Access-Control-Allow-Headers": asked } });
}

async function* responseFrames(
  source: StreamSource,
  body: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const message of streamedMessages("grpc-web", source, readTopicQuery(unframe(body)), signal)) {
      yield frame(MESSAGE_FLAG, writeTopicResponse(message));
    }
    yield trailers(0, "");
  } catch (error) {
    // A connection that breaks has no trailers.
    if (isBrokenOff(error)) throw error;
    yield trailers(error instanceof StreamRefused ? error.status : UNKNOWN, describeError(error));
  }
}

function isBrokenOff(error: unknown): boolean {
  return error instanceof StreamRefused && error.status === STREAM_STATUS.UNAVAILABLE;
}

function unframe(body: Uint8Array): Uint8Array {
  const length =
    body.length < FRAME_HEADER_BYTES ? -1 : new DataView(body.buffer, body.byteOffset).getUint32(1);
  if (body[0] !== MESSAGE_FLAG || length > MAX_QUERY_BYTES || body.length !== FRAME_HEADER_BYTES + length) {
    throw new StreamRefused("INVALID_ARGUMENT", "The body is not one gRPC-Web message");
  }
  return body.subarray(FRAME_HEADER_BYTES);
}

function frame(flag: number, payload: Uint8Array): Uint8Array {
  const framed = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  framed[0] = flag;
  new DataView(framed.buffer).setUint32(1, payload.length);
  framed.set(payload, FRAME_HEADER_BYTES);
  return framed;
}

function trailers(
  status: 0 | typeof UNKNOWN | (typeof STREAM_STATUS)[keyof typeof STREAM_STATUS],
  message: string,
): Uint8Array {
  const text = `grpc-status:${status}\r\ngrpc-message:${encodeURIComponent(message)}\r\n`;
  return frame(TRAILER_FLAG, new TextEncoder().encode(text));
}

import { describe, expect, test } from "bun:test";
import { com } from "@hiero-ledger/proto";
import { FrameReader, subscribeQuery } from "./subscribe-query.ts";

const { ConsensusTopicQuery } = com.hedera.mirror.api.proto;

/** A frame of gRPC-Web. */
function frame(flag: number, payload: Uint8Array): Uint8Array {
  return Uint8Array.from([flag, 0, 0, payload.length >> 8, payload.length & 0xff, ...payload]);
}

const text = (said: string) => new TextEncoder().encode(said);

describe("a subscription's query", () => {
  test.each(["0.0.1010", "0.0.0", "1.2.3", "0.0.9007199254740993"])(
    "is what Hedera's own decoder reads: %s",
    (topic) => {
      const bytes = subscribeQuery(topic, null);
      expect(new DataView(bytes.buffer).getUint32(1)).toBe(bytes.length - 5);
      const { topicID, limit } = ConsensusTopicQuery.decode(bytes.subarray(5));
      expect([topicID?.shardNum, topicID?.realmNum, topicID?.topicNum].join(".")).toBe(topic);
      expect(String(limit)).toBe("0");
    },
  );
});

describe("frames of its answer", () => {
  const answer = Uint8Array.from([
    ...frame(0, new Uint8Array(300)),
    ...frame(0, new Uint8Array(0)),
    ...frame(0x80, text("grpc-status:5\r\ngrpc-message:no%20such%20topic\r\n")),
  ]);

  test.each([1, 3, 7, 1_000])("are found in pieces of %i bytes", (size) => {
    const reader = new FrameReader();
    const frames = [];
    for (let at = 0; at < answer.length; at += size)
      frames.push(...reader.read(answer.subarray(at, at + size)));
    expect(frames).toEqual([
      { kind: "message" },
      { kind: "message" },
      { kind: "trailers", status: "status 5 (no such topic)" },
    ]);
  });

  test("are refused where they are something else", () => {
    expect(() => new FrameReader().read(text("<!doctype html>"))).toThrow(
      expect.objectContaining({ code: "STREAM_INVALID" }),
    );
  });
});

import { afterAll, beforeAll, describe, setDefaultTimeout, test } from "bun:test";
import { expectFound, type Fault } from "./testing/faults.ts";
import { Ward } from "./testing/ward.ts";

setDefaultTimeout(120_000);

let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
});
afterAll(() => ward?.close());

const FAULTS: readonly Fault[] = [
  [
    "a node that is not there",
    "node",
    "0 of 1",
    (p) => p.set("coordinator", "HEDERA_NODES", "0.0.3=127.0.0.1:1"),
  ],
  [
    "a mirror that is not there",
    "mirror",
    "could not be reached",
    (p) => p.set("coordinator", "HEDERA_MIRROR_URL", "http://127.0.0.1:1"),
  ],
  [
    "a relay that is not there",
    "relay",
    "does not answer",
    (p) => p.set("coordinator", "HEDERA_RELAY_URL", "http://127.0.0.1:1"),
  ],
  [
    "a relay without its WebSocket",
    "relay-ws",
    "does not open",
    (p) => p.set("coordinator", "HEDERA_RELAY_WS_URL", "ws://127.0.0.1:1"),
  ],
];

describe("doctor finds, of what should answer,", () => {
  test.each(FAULTS)("%s", (_, name, says, plant) => expectFound(ward, name, says, plant));
});

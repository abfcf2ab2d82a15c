import { expect, test } from "bun:test";
import { devnetPorts } from "./ports.ts";

test("without a base they are where every Hedera SDK looks for a local node", () => {
  expect(devnetPorts()).toEqual({ node: 50211, mirrorGrpc: 5600, mirror: 5551, relay: 7546, relayWs: 8546 });
});

test("from a base on they are five in a row", () => {
  expect(devnetPorts(9_000)).toEqual({
    node: 9000,
    mirrorGrpc: 9001,
    mirror: 9002,
    relay: 9003,
    relayWs: 9004,
  });
});

test("from 0 they are any free ones", () => {
  expect(new Set(Object.values(devnetPorts(0)))).toEqual(new Set([0]));
});

test.each([-1, 1.5, 65_532, Number.NaN])("%p is no port to start from", (base) => {
  expect(() => devnetPorts(base)).toThrow(expect.objectContaining({ code: "PORT_BASE_INVALID" }));
});

import { describe, expect, test } from "bun:test";
import { ConfigError, type Environment } from "./config.ts";
import { devnetNetwork, networkOf } from "./network.ts";
import { networkFromEnv } from "./network-env.ts";

function problems(env: Environment): Record<string, string> {
  try {
    networkFromEnv(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(
      error.problems.map(({ variable, wrong, fix }) => [variable, `${wrong}. ${fix}`]),
    );
  }
  return {};
}

const CUSTOM = {
  HEDERA_NETWORK: "custom",
  HEDERA_NODES: "0.0.3=10.0.0.1:50211, 0.0.4=node.example:50211",
  HEDERA_MIRROR_GRPC: "10.0.0.1:5600",
  HEDERA_MIRROR_URL: "http://10.0.0.1:5551",
};

test("an empty environment is a devnet on the ports of a local node", () => {
  expect(networkFromEnv({})).toEqual(devnetNetwork());
  expect(networkFromEnv({ HEDERA_NETWORK: "", HEDERA_PORT_BASE: " " })).toEqual(devnetNetwork());
});

test("a named network is itself", () => {
  for (const name of ["testnet", "mainnet", "previewnet"]) {
    expect(networkFromEnv({ HEDERA_NETWORK: name })).toEqual(networkOf(name));
  }
});

test("a port base puts devnet's five ports in a row", () => {
  const network = networkFromEnv({ HEDERA_PORT_BASE: "9000" });
  expect(network).toMatchObject({
    nodes: [{ account: "0.0.3", address: "127.0.0.1:9000" }],
    mirrorGrpc: "127.0.0.1:9001",
    mirror: "http://127.0.0.1:9002",
    relay: "http://127.0.0.1:9003",
    relayWs: "ws://127.0.0.1:9004",
  });
});

describe("a custom network", () => {
  test("needs nodes and a mirror, and has a relay only if it is given", () => {
    expect(networkFromEnv(CUSTOM)).toEqual({
      name: "custom",
      nodes: [
        { account: "0.0.3", address: "10.0.0.1:50211" },
        { account: "0.0.4", address: "node.example:50211" },
      ],
      mirrorGrpc: "10.0.0.1:5600",
      mirror: "http://10.0.0.1:5551",
      mirrorGrpcWeb: null,
      relay: null,
      relayWs: null,
      explorer: null,
    });
  });

  test("streams over gRPC-Web only where it is told an address for it", () => {
    const env = { HEDERA_MIRROR_GRPC_WEB_URL: "https://web.example/" };
    expect(networkFromEnv({ ...CUSTOM, ...env }).mirrorGrpcWeb).toBe("https://web.example");
    expect(networkFromEnv({ HEDERA_MIRROR_URL: "http://10.0.0.1:5551" }).mirrorGrpcWeb).toBeNull();
    expect(networkFromEnv({ HEDERA_PORT_BASE: "9000" }).mirrorGrpcWeb).toBe("http://127.0.0.1:9002");
  });

  test("without them names everything that is missing at once", () => {
    expect(Object.keys(problems({ HEDERA_NETWORK: "custom" }))).toEqual([
      "HEDERA_NODES",
      "HEDERA_MIRROR_GRPC",
      "HEDERA_MIRROR_URL",
    ]);
  });
});

test("explicit addresses override a named network's, one by one", () => {
  const testnet = networkOf("testnet");
  const network = networkFromEnv({
    HEDERA_NETWORK: "testnet",
    HEDERA_MIRROR_URL: "https://mirror.example/api/v1/",
    HEDERA_RELAY_WS_URL: "wss://relay.example/ws",
  });
  expect(network).toEqual({
    ...testnet,
    mirror: "https://mirror.example",
    relayWs: "wss://relay.example/ws",
  });
});

test("each wrong variable is named once, with what to do", () => {
  const wrong = problems({
    HEDERA_NETWORK: "test-net",
    HEDERA_NODES: "0.0.3:50211",
    HEDERA_MIRROR_GRPC: "http://host:5600",
    HEDERA_MIRROR_URL: "mirror.example",
    HEDERA_RELAY_URL: "ws://relay.example",
    HEDERA_RELAY_WS_URL: "https://relay.example",
    HEDERA_PORT_BASE: "65532",
  });
  expect(Object.keys(wrong).sort()).toEqual([
    "HEDERA_MIRROR_GRPC",
    "HEDERA_MIRROR_URL",
    "HEDERA_NETWORK",
    "HEDERA_NODES",
    "HEDERA_PORT_BASE",
    "HEDERA_RELAY_URL",
    "HEDERA_RELAY_WS_URL",
  ]);
  expect(wrong.HEDERA_NETWORK).toContain("Choose one of");
  expect(wrong.HEDERA_NODES).toContain("Write 0.0.3=host:port");
});

test("the message has a line for each problem", () => {
  expect(() => networkFromEnv({ HEDERA_NETWORK: "custom" })).toThrow(
    /HEDERA_NODES.*\nHEDERA_MIRROR_GRPC.*\n/,
  );
});

test("a URL with a provider's key in it is not quoted", () => {
  const secret = "k3y-of-a-provider";
  expect(JSON.stringify(problems({ HEDERA_RELAY_URL: `ws://relay.example/${secret}` }))).not.toContain(
    secret,
  );
});

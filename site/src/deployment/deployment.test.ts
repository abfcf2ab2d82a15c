import { describe, expect, test } from "bun:test";
import { asksForDeployment, deploymentOf, hashOf, parametersOf, parseConfig } from "./deployment.ts";

describe("a hash", () => {
  test("names a deployment, percent-encoded or not", () => {
    const plain = "#network=devnet&mirror=http://127.0.0.1:5551&relay=ws://127.0.0.1:8546&log=0.0.1010";
    const encoded =
      "#network=devnet&mirror=http%3A%2F%2F127.0.0.1%3A5551&relay=ws%3A%2F%2F127.0.0.1%3A8546&log=0.0.1010";
    expect(parametersOf(encoded)).toEqual(parametersOf(plain));
    expect(hashOf(parametersOf(encoded))).toBe(plain);
  });

  test("that names nothing leaves the choice to config.json", () => {
    expect(asksForDeployment(parametersOf("#entry=12"))).toBe(false);
    expect(asksForDeployment(parametersOf("#log="))).toBe(false);
    expect(asksForDeployment(parametersOf("#log=0.0.5"))).toBe(true);
  });
});

describe("a deployment", () => {
  test("is on devnet's standard ports if only a log is named", () => {
    expect(deploymentOf({ log: "0.0.1010" })).toEqual({
      endpoints: {
        name: "devnet",
        mirror: "http://127.0.0.1:5551",
        relayWs: "ws://127.0.0.1:8546",
        grpcWeb: "http://127.0.0.1:5551",
        explorer: null,
      },
      log: "0.0.1010",
      vitals: null,
    });
  });

  test("on a devnet elsewhere does not expect its relay on the standard port", () => {
    expect(deploymentOf({ mirror: "http://127.0.0.1:6000/", log: "0.0.5" }).endpoints).toMatchObject({
      mirror: "http://127.0.0.1:6000",
      relayWs: null,
      grpcWeb: "http://127.0.0.1:6000",
    });
  });

  test("streams over gRPC-Web only where it is told to, or on a devnet", () => {
    const { endpoints } = deploymentOf({ network: "testnet", log: "0.0.5" });
    expect(endpoints.grpcWeb).toBeNull();
    const told = deploymentOf({ network: "testnet", stream: "https://web.example/", log: "0.0.5" });
    expect(told.endpoints.grpcWeb).toBe("https://web.example");
  });

  test("on testnet has HashScan and the public addresses, of which each can be replaced", () => {
    const { endpoints } = deploymentOf({
      network: "testnet",
      mirror: "https://other.example/",
      log: "0.0.5",
    });
    expect(endpoints.mirror).toBe("https://other.example");
    expect(endpoints.explorer).toBe("https://hashscan.io/testnet");
    expect(endpoints.relayWs).toBe("wss://testnet.hashio.io/ws");
  });

  test.each([
    [{}, "LOG_MISSING"],
    [{ log: "1010" }, "ID_INVALID"],
    [{ log: "0.0.5", vitals: "x" }, "ID_INVALID"],
    [{ log: "0.0.5", network: "moon" }, "NETWORK_UNKNOWN"],
    [{ log: "0.0.5", network: "custom" }, "MIRROR_MISSING"],
    [{ log: "0.0.5", mirror: "javascript:alert(1)" }, "URL_INVALID"],
    [{ log: "0.0.5", mirror: "https://user:secret@host" }, "URL_INVALID"],
    [{ log: "0.0.5", relay: "https://host" }, "URL_INVALID"],
  ])("%p is refused as %s", (parameters, code) => {
    expect(() => deploymentOf(parameters)).toThrow(expect.objectContaining({ code }));
  });
});

describe("config.json", () => {
  test("names a deployment's default", () => {
    expect(parseConfig({ network: "testnet", log: "0.0.5", relayWs: null, vitals: "0.0.6" })).toEqual({
      network: "testnet",
      log: "0.0.5",
      vitals: "0.0.6",
      mirror: undefined,
      relay: undefined,
      stream: undefined,
    });
  });

  test("may name none", () => {
    expect(parseConfig(null)).toBeNull();
  });

  test("that does not fit is refused, and not taken for none", () => {
    for (const wrong of [{}, { log: 5 }, { log: "five" }, "0.0.5", { log: "0.0.5", mirror: 1 }]) {
      expect(() => parseConfig(wrong)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    }
  });
});

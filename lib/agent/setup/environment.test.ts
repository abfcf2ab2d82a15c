import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { devnetNetwork, networkOf } from "../../hedera/network.ts";
import { ledgerFromEnv } from "../../ledger/config.ts";
import { readAgentConfig } from "../config.ts";
import { AGENTS, Deployment, PARTIES } from "./deployment.ts";
import { environmentOf, writeEnvironments } from "./environment.ts";
import type { Festival } from "./options.ts";

const root = mkdtempSync(join(tmpdir(), "environment-"));
afterAll(() => rmSync(root, { recursive: true }));

const FESTIVAL: Festival = {
  accounts: {
    owner: "0.0.1001",
    coordinator: "0.0.1002",
    inference: "0.0.1003",
    defi: "0.0.1004",
    desk: "0.0.1005",
    fund: "0.0.1006",
    pool: "0.0.1007",
  },
  noise: null,
  token: "0.0.2001",
  stablecoin: "0.0.2002",
  log: "0.0.3001",
  vitals: "0.0.3002",
};
const NETWORK = devnetNetwork({ node: 9000, mirrorGrpc: 9001, mirror: 9002, relay: 9003, relayWs: 9004 });

let deployment: Deployment;
let paths: readonly string[];
beforeAll(async () => {
  deployment = await Deployment.open(join(root, "out"), "devnet");
  paths = await writeEnvironments(NETWORK, deployment, FESTIVAL);
});

function parse(path: string): Record<string, string> {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
const agents = PARTIES.filter((party) => party !== "owner");

describe("the environment that is written for a party", () => {
  test.each(agents)(
    "is one that the %s's process reads: its name, account, key, network and log",
    (party) => {
      const config = readAgentConfig(parse(join(root, "out", `${party}.env`)));
      expect(config).toMatchObject({ agent: AGENTS[party], log: "0.0.3001" });
      expect(config.ledger.account).toBe(FESTIVAL.accounts[party]);
      expect(config.ledger.key.publicKey).toEqual(deployment.keyOf(party).publicKey);
      expect(config.ledger.network).toEqual(NETWORK);
    },
  );

  test("names no agent for the owner, who is nobody's process", () => {
    const env = parse(join(root, "out/owner.env"));
    expect(env).not.toHaveProperty("FEST_AGENT");
    expect(ledgerFromEnv(env).account).toBe("0.0.1001");
  });

  test("has a party's own key and nobody else's, in a file of its own", () => {
    const written = new Map(
      readdirSync(join(root, "out")).map((name) => [name, readFileSync(join(root, "out", name), "utf8")]),
    );
    for (const party of PARTIES) {
      const { hex } = deployment.keyOf(party).reveal();
      const holders = [...written].filter(([, text]) => text.includes(hex)).map(([name]) => name);
      expect(holders).toEqual([`${party}.key`]);
      expect(written.get(`${party}.key`)).toBe(`${hex}\n`);
    }
  });

  test("is readable for this user alone", () => {
    expect(paths).toEqual(PARTIES.map((party) => join(root, "out", `${party}.env`)));
    for (const name of readdirSync(join(root, "out"))) {
      expect(statSync(join(root, "out", name)).mode & 0o777).toBe(0o600);
    }
  });

  test("leaves the nodes of a public network to the network's own address book", () => {
    const env = environmentOf("desk", networkOf("testnet"), deployment, FESTIVAL);
    expect(env).not.toHaveProperty("HEDERA_NODES");
    expect(env).toMatchObject({ HEDERA_NETWORK: "testnet", FEST_AGENT: "desk-001" });
    expect(readAgentConfig(env).ledger.network).toEqual(networkOf("testnet"));
  });
});

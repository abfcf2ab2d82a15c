import { describe, expect, test } from "bun:test";
import { parseTransactionId } from "../../../lib/hedera/transaction-id.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import { explorerLink, mirrorLink, type Subject } from "./link.ts";

const TESTNET: Endpoints = {
  name: "testnet",
  mirror: "https://mirror.example",
  relayWs: null,
  grpcWeb: null,
  explorer: "https://hashscan.io/testnet",
};
const SUBJECTS: readonly Subject[] = [
  { kind: "account", id: "0.0.5" },
  { kind: "schedule", id: "0.0.6" },
  { kind: "message", topic: "0.0.7", sequence: 12 },
  { kind: "transaction", id: parseTransactionId("0.0.5@1700000000.000000010") },
];

describe("everything on the ledger", () => {
  test("leads to the mirror node's JSON of it", () => {
    expect(SUBJECTS.map((subject) => mirrorLink(TESTNET, subject))).toEqual([
      "https://mirror.example/api/v1/accounts/0.0.5",
      "https://mirror.example/api/v1/schedules/0.0.6",
      "https://mirror.example/api/v1/topics/0.0.7/messages/12",
      "https://mirror.example/api/v1/transactions/0.0.5-1700000000-000000010",
    ]);
  });

  test("leads to HashScan where that knows the network", () => {
    expect(SUBJECTS.map((subject) => explorerLink(TESTNET, subject))).toEqual([
      "https://hashscan.io/testnet/account/0.0.5",
      "https://hashscan.io/testnet/schedule/0.0.6",
      "https://hashscan.io/testnet/topic/0.0.7",
      "https://hashscan.io/testnet/transaction/0.0.5@1700000000.000000010",
    ]);
    expect(explorerLink({ ...TESTNET, explorer: null }, { kind: "account", id: "0.0.5" })).toBeNull();
  });
});

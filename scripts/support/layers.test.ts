import { describe, expect, test } from "bun:test";
import { checkImport } from "./layers.ts";

describe("imports only go down", () => {
  test.each([
    ["lib/agent/loop.ts", "lib/festival/fold.ts"],
    ["lib/festival/fold.ts", "lib/hedera/id.ts"],
    ["lib/ledger/client.ts", "@hashgraph/sdk"],
    ["agents/desk.ts", "lib/agent/run.ts"],
    ["site/src/main.ts", "lib/mirror/client.ts"],
    ["lib/mirror/follow.test.ts", "lib/devnet/devnet.ts"],
    ["scripts/demo.ts", "lib/devnet/duration.ts"],
    ["lib/agent/notify.ts", "bun:ffi"],
  ])("%s may import %s", (file, imported) => {
    expect(checkImport(file, imported)).toBeNull();
  });

  test.each([
    ["lib/hedera/id.ts", "lib/festival/fold.ts"],
    ["lib/festival/fold.ts", "lib/agent/loop.ts"],
    ["lib/festival/fold.ts", "lib/ledger/client.ts"],
    ["lib/festival/fold.ts", "@hashgraph/sdk"],
    ["lib/agent/loop.ts", "lib/devnet/devnet.ts"],
    ["lib/agent/loop.ts", "@hiero-ledger/proto"],
    ["lib/devnet/devnet.ts", "lib/ledger/client.ts"],
    ["agents/desk.ts", "lib/ledger/client.ts"],
    ["site/src/main.ts", "lib/ledger/client.ts"],
    ["lib/mirror/follow.ts", "node:fs"],
    ["lib/festival/fold.ts", "lib/festival/testing/log.ts"],
  ])("%s may not import %s", (file, imported) => {
    expect(checkImport(file, imported)).not.toBeNull();
  });
});

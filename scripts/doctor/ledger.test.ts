import { afterAll, beforeAll, describe, setDefaultTimeout, test } from "bun:test";
import {
  AccountDeleteTransaction,
  AccountUpdateTransaction,
  TokenDissociateTransaction,
  TopicDeleteTransaction,
  TopicUpdateTransaction,
} from "@hashgraph/sdk";
import { transferHbar } from "../../lib/ledger/accounts.ts";
import { createToken, transferToken } from "../../lib/ledger/tokens.ts";
import { expectSaid } from "./testing/faults.ts";
import { Ward } from "./testing/ward.ts";

setDefaultTimeout(120_000);

let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
});
afterAll(() => ward?.close());

/** Does something to the ledger, whose effects are undone afterwards. */
const FAULTS: readonly [
  fault: string,
  name: string,
  says: string,
  plant: (ward: Ward) => Promise<unknown>,
][] = [
  [
    "a deleted account",
    "account-deleted",
    "inference",
    (ward) =>
      ward.sign(
        new AccountDeleteTransaction()
          .setAccountId(ward.festival.accounts.inference)
          .setTransferAccountId("0.0.2"),
        "inference",
      ),
  ],
  [
    "a key that was changed elsewhere",
    "key-mismatch",
    "another one",
    (ward) =>
      ward.sign(
        new AccountUpdateTransaction()
          .setAccountId(ward.festival.accounts.inference)
          .setKey(ward.publicKey("owner")),
        "inference",
        "owner",
      ),
  ],
  [
    "a deleted log",
    "log-deleted",
    "was deleted",
    (ward) => ward.sign(new TopicDeleteTransaction({ topicId: ward.festival.log }), "owner"),
  ],
  [
    "deleted vitals",
    "vitals-missing",
    "nobody will hear",
    (ward) => ward.sign(new TopicDeleteTransaction({ topicId: ward.festival.vitals }), "owner"),
  ],
  [
    "an insider who locks the others out",
    "submit-keys",
    "owner, coordinator, inference-001, defi-001 cannot write",
    (ward) =>
      ward.sign(
        new TopicUpdateTransaction({ topicId: ward.festival.log, submitKey: ward.publicKey("desk") }),
        "desk",
      ),
  ],
  [
    "an administrator who is not the owner",
    "admin-key",
    "not the owner's",
    (ward) =>
      ward.sign(
        new TopicUpdateTransaction({ topicId: ward.festival.log, adminKey: ward.publicKey("desk") }),
        "owner",
        "desk",
      ),
  ],
  [
    "an agent that can't be paid",
    "token-association",
    "inference-001",
    (ward) =>
      ward.sign(
        new TokenDissociateTransaction({
          accountId: ward.festival.accounts.inference,
          tokenIds: [ward.festival.token],
        }),
        "inference",
      ),
  ],
  [
    "a coordinator that can't pay",
    "token-budget",
    "an edition pays",
    (ward) =>
      transferToken(ward.as("coordinator"), {
        token: ward.festival.token,
        to: ward.festival.accounts.owner,
        amount: 1_000_000n,
      }),
  ],
  [
    "a fund that one may empty",
    "fund-key",
    "2 of 2",
    (ward) =>
      ward.sign(
        new AccountUpdateTransaction()
          .setAccountId(ward.festival.accounts.fund)
          .setKey(ward.publicKey("defi")),
        "defi",
        "coordinator",
      ),
  ],
  [
    "a fund below its least",
    "fund-balance",
    "can't trade",
    (ward) =>
      transferHbar(ward.operator, {
        from: ward.festival.accounts.fund,
        to: ward.operator.account,
        amount: (ward.devnet.ledger.accounts.get(ward.festival.accounts.fund)?.balance ?? 0n) - 50_000_000n,
        signers: [ward.deployment.keyOf("defi"), ward.deployment.keyOf("coordinator")],
      }),
  ],
  [
    "a balance that lasts no day",
    "runway",
    "which lasts 0 days",
    async (ward) => {
      const inference = ward.as("inference");
      await createToken(inference, { name: "Costly", symbol: "C", decimals: 0, initialSupply: 1n });
      const left = ward.devnet.ledger.accounts.get(inference.account)?.balance ?? 0n;
      await transferHbar(inference, { to: ward.operator.account, amount: left - 200_000_000n });
    },
  ],
];

describe("doctor finds, of what happens on the ledger,", () => {
  test.each(FAULTS)("%s", async (_, name, says, plant) => {
    const before = ward.devnet.snapshot();
    try {
      await plant(ward);
      expectSaid(await ward.see(ward.healthy), name, says);
    } finally {
      ward.devnet.revert(before);
    }
  });
});

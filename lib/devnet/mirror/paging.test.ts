import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  AccountCreateTransaction,
  AccountId,
  Client,
  Hbar,
  PrivateKey,
  ScheduleCreateTransaction,
  TokenCreateTransaction,
  TopicCreateTransaction,
  TopicMessageSubmitTransaction,
  type Transaction,
  TransferTransaction,
} from "@hashgraph/sdk";
import * as z from "zod/mini";
import { type Devnet, startDevnet } from "../devnet.ts";
import { ACCOUNT_DETAIL, ACCOUNT_LIST, ACCOUNT_TOKENS } from "./accounts.ts";
import { BALANCE_LIST } from "./balances.ts";
import { BLOCK_LIST } from "./blocks.ts";
import { LOG_LIST, TOKEN_LOG_LIST } from "./logs.ts";
import { NODE_LIST } from "./network.ts";
import type { Parameters } from "./parameters.ts";
import { SCHEDULE_LIST } from "./schedules.ts";
import { TOKEN_BALANCES, TOKEN_LIST } from "./tokens.ts";
import { MESSAGE_LIST } from "./topics.ts";
import { TRANSACTION_LIST } from "./transactions.ts";

/** A list of the REST API, and queries that between them use every parameter that it declares. */
interface Listed {
  readonly path: string;
  readonly list: string;
  readonly parameters: Parameters;
  /** What tells a row from every other one. */
  readonly key: readonly string[];
  readonly queries: readonly string[];
}

// Numbers of entities of a new network, in the order in which `fill` creates them.
const [ALICE, BOB, GOLD, TOPIC] = ["0.0.1001", "0.0.1002", "0.0.1006", "0.0.1009"];
const KEY = PrivateKey.generateED25519();
const PUBLIC = KEY.publicKey.toStringRaw();
/** Replaced by the consensus times of the fourth and the last but third transaction. */
const [EARLY, LATE] = ["<early>", "<late>"];
const RANGE = `timestamp=gte:${EARLY}&timestamp=lt:${LATE}`;
const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
/** Of ERC-20 events, nothing has a fourth topic. */
const NEVER = /topic3/;
const TOPICS = [`topic0=${TRANSFER}`, "topic1=2", "topic2=3e9", "topic3=1"].map(
  (topic) => `${RANGE}&${topic}`,
);

const LISTS: readonly Listed[] = [
  {
    path: "/accounts",
    list: "accounts",
    parameters: ACCOUNT_LIST,
    key: ["account"],
    queries: [
      "",
      "account.balance=gt:0",
      `account.id=gte:${ALICE}`,
      `account.id=${ALICE}&account.id=${BOB}&account.id=2`,
      `account.id=ne:${BOB}`,
      `account.publickey=${PUBLIC}`,
      "balance=false",
    ],
  },
  {
    path: `/accounts/${ALICE}`,
    list: "transactions",
    parameters: ACCOUNT_DETAIL,
    key: ["consensus_timestamp"],
    queries: ["", RANGE, "transactiontype=cryptotransfer", "transactions=true"],
  },
  {
    path: `/accounts/${ALICE}/tokens`,
    list: "tokens",
    parameters: ACCOUNT_TOKENS,
    key: ["token_id"],
    queries: ["", `token.id=gt:${GOLD}`],
  },
  {
    path: "/balances",
    list: "balances",
    parameters: BALANCE_LIST,
    key: ["account"],
    queries: [
      "",
      "account.balance=gte:1",
      `account.id=lte:${BOB}`,
      `account.id=${ALICE}&account.id=${BOB}`,
      `account.publickey=${PUBLIC}`,
      `timestamp=${LATE}`,
    ],
  },
  {
    path: "/blocks",
    list: "blocks",
    parameters: BLOCK_LIST,
    key: ["number"],
    queries: ["", "block.number=gt:3&block.number=lte:9", RANGE],
  },
  {
    path: "/contracts/results/logs",
    list: "logs",
    parameters: LOG_LIST,
    key: ["timestamp", "index"],
    queries: ["", RANGE, ...TOPICS, "transaction.hash=<hash>", `index=gte:0&timestamp=gte:${EARLY}`],
  },
  {
    path: `/contracts/${GOLD}/results/logs`,
    list: "logs",
    parameters: TOKEN_LOG_LIST,
    key: ["timestamp", "index"],
    queries: ["", RANGE, ...TOPICS, `index=gte:0&timestamp=gte:${EARLY}`],
  },
  {
    path: "/network/nodes",
    list: "nodes",
    parameters: NODE_LIST,
    key: ["node_id"],
    queries: ["", "file.id=0.0.102", "node.id=gte:0"],
  },
  {
    path: "/schedules",
    list: "schedules",
    parameters: SCHEDULE_LIST,
    key: ["schedule_id"],
    queries: ["", "account.id=0.0.2", "account.id=gt:1", "schedule.id=gte:1010"],
  },
  {
    path: "/tokens",
    list: "tokens",
    parameters: TOKEN_LIST,
    key: ["token_id"],
    queries: [
      "",
      `account.id=${ALICE}`,
      `token.id=gte:${GOLD}`,
      "type=FUNGIBLE_COMMON",
      `publickey=${PUBLIC}`,
    ],
  },
  {
    path: `/tokens/${GOLD}/balances`,
    list: "balances",
    parameters: TOKEN_BALANCES,
    key: ["account"],
    queries: [
      "",
      "account.balance=gt:1",
      `account.id=lt:${BOB}`,
      `account.publickey=${PUBLIC}`,
      `timestamp=${LATE}`,
    ],
  },
  {
    path: `/topics/${TOPIC}/messages`,
    list: "messages",
    parameters: MESSAGE_LIST,
    key: ["sequence_number"],
    queries: [
      "",
      "encoding=utf-8",
      "sequencenumber=gt:2&sequencenumber=lt:7",
      "sequencenumber=gte:2",
      RANGE,
      `sequencenumber=gt:1&timestamp=lte:${LATE}`,
    ],
  },
  {
    path: "/transactions",
    list: "transactions",
    parameters: TRANSACTION_LIST,
    key: ["consensus_timestamp"],
    queries: [
      "",
      "account.id=2",
      `account.id=${ALICE}&account.id=${BOB}`,
      "account.id=gte:1001",
      "result=success",
      "result=fail",
      RANGE,
      `timestamp=ne:${EARLY}`,
      "transactiontype=cryptotransfer&transactiontype=tokencreation",
      `account.id=${ALICE}&type=credit`,
      `account.id=2&type=debit`,
    ],
  },
];

let devnet: Devnet;
let client: Client;
const times = { [EARLY]: "", [LATE]: "", "<hash>": "" };

async function send(transaction: Transaction): Promise<void> {
  const frozen = await transaction.freezeWith(client).sign(KEY);
  const receipt = await (await frozen.execute(client))
    .getReceiptQuery()
    .setValidateStatus(false)
    .execute(client);
  expect(receipt.status.toString()).toMatch(/SUCCESS|INSUFFICIENT_TOKEN_BALANCE/);
}

/** Five accounts with one key, three tokens, a topic with messages, schedules, and transfers of everything. */
async function fill(): Promise<void> {
  for (let n = 0; n < 5; n++) {
    const account = new AccountCreateTransaction()
      .setKeyWithoutAlias(KEY.publicKey)
      .setMaxAutomaticTokenAssociations(5);
    await send(account.setInitialBalance(Hbar.fromTinybars(n)));
  }
  for (const tokenName of ["gold", "silver", "lead"]) {
    const token = new TokenCreateTransaction({
      tokenName,
      tokenSymbol: "T",
      decimals: 0,
      initialSupply: 1_000,
    });
    await send(token.setTreasuryAccountId("0.0.2").setAdminKey(KEY.publicKey));
  }
  await send(new TopicCreateTransaction());
  for (let n = 0; n < 8; n++)
    await send(new TopicMessageSubmitTransaction({ topicId: TOPIC, message: `${n}` }));
  for (const token of [GOLD, "0.0.1007", "0.0.1008", GOLD]) {
    const transfer = new TransferTransaction().addTokenTransfer(token, "0.0.2", -6);
    await send(
      transfer
        .addTokenTransfer(token, ALICE, 3)
        .addTokenTransfer(token, BOB, 2)
        .addTokenTransfer(token, "0.0.1003", 1),
    );
  }
  await send(new TransferTransaction().addTokenTransfer(GOLD, ALICE, -999).addTokenTransfer(GOLD, BOB, 999));
  for (let n = 1; n < 5; n++) {
    const transfer = new TransferTransaction().addHbarTransfer(
      AccountId.fromString(ALICE),
      Hbar.fromTinybars(-n),
    );
    await send(
      new ScheduleCreateTransaction().setScheduledTransaction(
        transfer.addHbarTransfer("0.0.2", Hbar.fromTinybars(n)),
      ),
    );
    await send(new TransferTransaction().addHbarTransfer("0.0.2", -n).addHbarTransfer(ALICE, n));
  }
}

const Page = z.looseObject({ links: z.object({ next: z.nullable(z.string()) }) });
const Rows = z.array(z.looseObject({}));

async function page(path: string, list: string) {
  const response = await fetch(devnet.network.mirror + path);
  expect(`${response.status} ${path}`).toBe(`200 ${path}`);
  const body = Page.parse(await response.json());
  return { rows: Rows.parse(body[list]), next: body.links.next };
}

/** The keys of all rows, and how many pages they took. */
async function keysOf(
  { path, list, key }: Listed,
  query: string,
): Promise<{ keys: string[]; pages: number }> {
  const filled = query.replaceAll(
    /<[a-z]+>/g,
    (name) => Object.entries(times).find(([known]) => known === name)?.[1] ?? name,
  );
  const keys: string[] = [];
  let pages = 0;
  for (let next: string | null = `/api/v1${path}?${filled}`; next !== null; pages++) {
    const { rows, next: following } = await page(next, list);
    keys.push(...rows.map((row) => key.map((name) => String(row[name])).join("/")));
    next = following;
    if (pages > 200) throw new Error(`${path}?${filled} has no last page`);
  }
  return { keys, pages };
}

beforeAll(async () => {
  devnet = await startDevnet({ portBase: 0 });
  client = Client.forNetwork({ [`127.0.0.1:${devnet.ports.node}`]: "0.0.3" });
  client.setOperator(devnet.operator.accountId, PrivateKey.fromStringDer(devnet.operator.privateKey));
  client.setDefaultMaxTransactionFee(new Hbar(50));
  await fill();
  const { rows } = await page("/api/v1/transactions?order=asc&limit=100", "transactions");
  times[EARLY] = String(rows[3]?.consensus_timestamp);
  times[LATE] = String(rows.at(-3)?.consensus_timestamp);
  const logs = await page("/api/v1/contracts/results/logs?limit=100", "logs");
  times["<hash>"] = String(logs.rows[0]?.transaction_hash);
});

afterAll(async () => {
  client.close();
  await devnet.stop();
});

describe.each(LISTS.map((listed) => [listed.path, listed] as const))("%s", (_, listed) => {
  test("is asked with every parameter that it declares", () => {
    const used = new Set(listed.queries.flatMap((query) => [...new URLSearchParams(query).keys()]));
    const declared = Object.keys(listed.parameters).filter((name) => name !== "name");
    expect([...used, "limit", "order"].sort()).toEqual(declared.sort());
  });

  test.each(listed.queries.map((query) => [query]))(
    "?%s is paged through without a gap or a repeat",
    async (query) => {
      const and = query === "" ? "" : `${query}&`;
      const { keys: ascending } = await keysOf(listed, `${and}limit=100&order=asc`);
      const { keys: descending } = await keysOf(listed, `${and}limit=100&order=desc`);
      expect(ascending.length > 0).toBe(!NEVER.test(query));
      expect(new Set(ascending).size).toBe(ascending.length);
      expect(descending).toEqual(ascending.toReversed());
      for (const limit of [1, 2, 3]) {
        expect(await keysOf(listed, `${and}limit=${limit}&order=asc`)).toMatchObject({ keys: ascending });
        expect(await keysOf(listed, `${and}limit=${limit}&order=desc`)).toMatchObject({ keys: descending });
      }
    },
  );

  test("has rows to page through", async () => {
    const { keys, pages } = await keysOf(listed, "limit=2");
    expect(keys.length).toBeGreaterThan(listed.list === "nodes" ? 0 : 2);
    expect(pages).toBeGreaterThanOrEqual(keys.length / 2);
  });
});

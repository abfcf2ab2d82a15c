import { afterEach } from "bun:test";
import {
  AccountId,
  Client,
  PrivateKey,
  Timestamp as SdkTimestamp,
  type Transaction,
  TransactionId,
  type TransactionReceipt,
} from "@hashgraph/sdk";
import { formatTimestamp, nanosOf, secondsOf } from "../hedera/timestamp.ts";
import { type Devnet, type DevnetOptions, startDevnet } from "./devnet.ts";

/** A devnet under test, and what a test does with it; stopped after the test. */
export interface DevnetUnderTest {
  readonly devnet: Devnet;
  /** The real SDK as the genesis operator. */
  readonly client: Client;
  /** Sends a transaction with an id of the network's time, and waits for its receipt whatever it says. */
  send(transaction: Transaction): Promise<TransactionReceipt>;
  /** Asks the mirror for a path under `/api/v1`. */
  get(path: string): Promise<{ status: number; body: unknown }>;
}

const running: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

/** Starts a devnet on free ports. */
export async function startUnderTest(options: DevnetOptions = {}): Promise<DevnetUnderTest> {
  const devnet = await startDevnet({ portBase: 0, ...options });
  running.push(() => devnet.stop());
  const client = openClient(devnet);
  return {
    devnet,
    client,
    async send(transaction) {
      const response = await transaction.setTransactionId(idAtNetworkTime(devnet)).execute(client);
      return response.getReceiptQuery().setValidateStatus(false).execute(client);
    },
    async get(path) {
      const response = await fetch(`${devnet.network.mirror}/api/v1${path}`);
      return { status: response.status, body: await response.json() };
    },
  };
}

/** Another client of a devnet, which has made no experience with its node yet. */
export function openClient({ ports, operator, network }: Devnet): Client {
  const client = Client.forNetwork({ [`127.0.0.1:${ports.node}`]: "0.0.3" });
  client.setOperator(operator.accountId, PrivateKey.fromStringDer(operator.privateKey));
  client.setMirrorNetwork(network.mirrorGrpc).setMinBackoff(1).setMaxBackoff(4);
  running.push(() => client.close());
  return client;
}

let offset = 0n;

/** A transaction id of the operator that starts now by the network's clock, which the SDK knows nothing of. */
export function idAtNetworkTime({ clock, operator }: Devnet): TransactionId {
  offset = (offset + 1n) % 1_000_000n;
  const start = clock.now() - 1_000_000_000n + offset;
  return TransactionId.withValidStart(
    AccountId.fromString(operator.accountId),
    new SdkTimestamp(Number(secondsOf(start)), Number(nanosOf(start))),
  );
}

/** The id of a transaction as the mirror's paths have it. */
export function mirrorId({ accountId, validStart }: TransactionId): string {
  if (accountId === null || validStart === null) throw new Error("the id is not complete");
  const [seconds, nanos] = formatTimestamp(
    BigInt(validStart.seconds.toString()) * 1_000_000_000n + BigInt(validStart.nanos.toString()),
  ).split(".");
  return `${accountId}-${seconds}-${nanos}`;
}

/** Waits until something holds, looking often; a test that waits in vain times out. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await Bun.sleep(2);
}

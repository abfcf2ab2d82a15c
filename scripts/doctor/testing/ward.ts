/** A festival that is set up well on a devnet of its own, and copies of its environments to be damaged. */
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, PrivateKey, type PublicKey, type Transaction } from "@hashgraph/sdk";
import { Deployment, type Party } from "../../../lib/agent/setup/deployment.ts";
import { endowmentFor } from "../../../lib/agent/setup/endowment.ts";
import { writeEnvironments } from "../../../lib/agent/setup/environment.ts";
import type { Festival } from "../../../lib/agent/setup/options.ts";
import { setUp } from "../../../lib/agent/setup/setup.ts";
import { type Devnet, startDevnet } from "../../../lib/devnet/devnet.ts";
import { type Ledger, openLedger } from "../../../lib/ledger/client.ts";
import { type Diagnosis, type DoctorOptions, examine } from "../doctor.ts";
import { thisHost } from "../host-facts.ts";

/** Everybody who has an environment. */
export const ROLES = ["owner", "coordinator", "inference", "defi", "desk"] as const;
/** This machine, with room enough whatever else runs on it. */
export const ROOMY = { ...thisHost, memoryAvailable: () => 2n ** 32n, diskFree: () => 2n ** 40n };

/** A copy of the healthy environments, to be damaged. */
export interface Patient {
  readonly folder: string;
  file(name: string): string;
  /** Sets a variable in a role's environment; null takes it out. */
  set(role: Party, variable: string, value: string | null): void;
}

interface Equipment {
  readonly root: string;
  readonly devnet: Devnet;
  readonly operator: Ledger;
  readonly client: Client;
  readonly deployment: Deployment;
  readonly festival: Festival;
}

/** See the head of this file. */
export class Ward {
  readonly devnet: Devnet;
  readonly operator: Ledger;
  readonly deployment: Deployment;
  readonly festival: Festival;
  /** Folder with the environments that nothing is wrong with. */
  readonly healthy: string;
  readonly #root: string;
  readonly #client: Client;
  readonly #ledgers: Ledger[] = [];
  #patients = 0;

  private constructor({ root, devnet, operator, client, deployment, festival }: Equipment) {
    this.devnet = devnet;
    this.operator = operator;
    this.deployment = deployment;
    this.festival = festival;
    this.healthy = healthyIn(root);
    this.#root = root;
    this.#client = client;
  }

  static async open(): Promise<Ward> {
    const root = mkdtempSync(join(tmpdir(), "doctor-"));
    const devnet = await startDevnet({ portBase: 0 });
    const { accountId: account, privateKey: hex } = devnet.operator;
    const operator = openLedger({ network: devnet.network, account, key: { type: "ED25519", hex } });
    const client = Client.forNetwork({ [devnet.network.nodes[0]?.address ?? ""]: "0.0.3" });
    client.setOperator(account, PrivateKey.fromStringDer(hex));
    const deployment = await Deployment.open(healthyIn(root), "devnet");
    const endowment = endowmentFor("devnet");
    const festival = await setUp({ operator, deployment, endowment, festival: { id: "T1", name: "Test" } });
    await writeEnvironments(devnet.network, deployment, festival);
    return new Ward({ root, devnet, operator, client, deployment, festival });
  }

  /** A new copy of the healthy environments. */
  admit(): Patient {
    this.#patients += 1;
    const folder = join(this.#root, `patient-${this.#patients}`);
    cpSync(this.healthy, folder, { recursive: true });
    chmodSync(folder, 0o700);
    const file = (name: string) => join(folder, name);
    return {
      folder,
      file,
      set(role, variable, value) {
        const path = file(`${role}.env`);
        const lines = readFileSync(path, "utf8").split("\n");
        const kept = lines.filter((line) => !line.startsWith(`${variable}=`));
        writeFileSync(path, [...(value === null ? [] : [`${variable}=${value}`]), ...kept].join("\n"));
      },
    };
  }

  /** What doctor says of a folder. */
  see(folder: string, more: Partial<DoctorOptions> = {}): Promise<Diagnosis> {
    return examine({ path: folder, env: {}, host: ROOMY, ...more });
  }

  /** Has the ledger execute a transaction that these sign. */
  async sign(transaction: Transaction, ...parties: readonly Party[]): Promise<void> {
    const frozen = transaction.freezeWith(this.#client);
    for (const party of parties) await frozen.sign(this.#keyOf(party));
    await (await frozen.execute(this.#client)).getReceipt(this.#client);
  }

  publicKey(party: Party): PublicKey {
    return this.#keyOf(party).publicKey;
  }

  /** The ledger, for what a party pays itself. */
  as(party: Party): Ledger {
    const { devnet, festival, deployment } = this;
    const account = festival.accounts[party];
    const ledger = openLedger({ network: devnet.network, account, key: deployment.keyOf(party) });
    this.#ledgers.push(ledger);
    return ledger;
  }

  async close(): Promise<void> {
    for (const ledger of this.#ledgers) ledger.close();
    this.operator.close();
    this.#client.close();
    await this.devnet.stop();
    rmSync(this.#root, { recursive: true });
  }

  #keyOf(party: Party): PrivateKey {
    return PrivateKey.fromStringED25519(this.deployment.keyOf(party).reveal().hex);
  }
}

function healthyIn(root: string): string {
  return join(root, "healthy");
}

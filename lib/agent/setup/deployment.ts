import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { accountId, tokenId, topicId } from "../../festival/entry/field.ts";
import { FestError } from "../../hedera/error.ts";
import { type KeySpec, SigningKey } from "../../ledger/key.ts";

/** The agents that set-up makes, by role; the owner is nobody's process. */
export const AGENTS = {
  coordinator: "coordinator",
  inference: "inference-001",
  defi: "defi-001",
  desk: "desk-001",
} as const;

/** Who has an account and a key of its own. */
export const PARTIES = ["owner", "coordinator", "inference", "defi", "desk"] as const;
/** One of {@link PARTIES}. */
export type Party = (typeof PARTIES)[number];

const key = z.object({
  type: z.enum(["ED25519", "ECDSA"]),
  hex: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
const schema = z.object({
  network: z.string(),
  keys: z.record(z.enum(PARTIES), key),
  accounts: z.partial(
    z.object({
      owner: accountId,
      coordinator: accountId,
      inference: accountId,
      defi: accountId,
      desk: accountId,
      fund: accountId,
    }),
  ),
  token: z.optional(tokenId),
  stablecoin: z.optional(tokenId),
  log: z.optional(topicId),
  vitals: z.optional(topicId),
  /** Steps that were taken and leave no id behind. */
  done: z.array(z.string()),
});

/** What set-up has made so far. */
export type DeploymentRecord = z.output<typeof schema>;

/**
 * The file that set-up keeps: keys are in it before any account is made, and
 * every id as soon as it is known, so that a second run goes on where one ended.
 */
export class Deployment {
  readonly folder: string;
  #record: DeploymentRecord;
  #saving: Promise<void> = Promise.resolve();

  private constructor(folder: string, record: DeploymentRecord) {
    this.folder = folder;
    this.#record = record;
  }

  /** Opens the deployment in a folder, or begins one. @throws FestError `DEPLOYMENT_INVALID`, `DEPLOYMENT_ELSEWHERE` */
  static async open(folder: string, network: string): Promise<Deployment> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await readRecord(folder);
    if (found !== null && found.network !== network) {
      throw new FestError(
        "DEPLOYMENT_ELSEWHERE",
        `${folder} holds a deployment on ${found.network}, not on ${network}`,
        {
          fix: "Choose another folder with --out.",
        },
      );
    }
    const fresh = () => SigningKey.generate().reveal();
    const keys = { owner: fresh(), coordinator: fresh(), inference: fresh(), defi: fresh(), desk: fresh() };
    const deployment = new Deployment(folder, found ?? { network, keys, accounts: {}, done: [] });
    await deployment.save({});
    return deployment;
  }

  get record(): DeploymentRecord {
    return this.#record;
  }

  /** A party's key. */
  keyOf(party: Party): SigningKey {
    const spec: KeySpec = this.#record.keys[party];
    return SigningKey.parse(spec);
  }

  /** Adds to the record, and keeps it on disk at once, readable for this user alone. */
  async save(changes: Partial<DeploymentRecord>): Promise<void> {
    this.#record = { ...this.#record, ...changes };
    // A save that failed is the failed one's to tell: the next writes everything again.
    this.#saving = this.#saving
      .catch(() => undefined)
      .then(() =>
        writeSecret(join(this.folder, "deployment.json"), `${JSON.stringify(this.#record, null, 2)}\n`),
      );
    await this.#saving;
  }
}

/** Writes a file that only this user can read, whole or not at all. */
export async function writeSecret(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

async function readRecord(folder: string): Promise<DeploymentRecord | null> {
  const path = join(folder, "deployment.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  try {
    return z.parse(schema, JSON.parse(text));
  } catch {
    throw new FestError("DEPLOYMENT_INVALID", `${path} is damaged`, {
      fix: "Restore it: it holds the only copy of the festival's keys.",
    });
  }
}

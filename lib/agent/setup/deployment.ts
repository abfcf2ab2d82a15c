import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { accountId, tokenId, topicId } from "../../festival/entry/field.ts";
import { FestError } from "../../hedera/error.ts";
import { formatTransactionId, parseTransactionId, type TransactionId } from "../../hedera/transaction-id.ts";
import { type PublicKeySpec, SigningKey } from "../../ledger/key.ts";
import { readKeyFile, writeKeyFile } from "./key-file.ts";
import { writeSecret } from "./secret.ts";

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

const publicKey = z.object({
  type: z.enum(["ED25519", "ECDSA"]),
  hex: z.string().check(z.regex(/^[0-9a-f]{64,66}$/)),
});
/** Until November 2026 the record held the private keys themselves, which are key files' now. */
const keySpec = z.object({
  type: z.enum(["ED25519", "ECDSA"]),
  hex: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
const schema = z.object({
  network: z.string(),
  /** Of each party's key file, the public key: another file beside the record would be noticed. */
  publicKeys: z.optional(z.record(z.enum(PARTIES), publicKey)),
  keys: z.optional(z.record(z.enum(PARTIES), keySpec)),
  /** Of a key file that is about to be replaced, the public key of its successor. */
  nextKeys: z.optional(
    z.partial(z.object({ coordinator: publicKey, inference: publicKey, defi: publicKey, desk: publicKey })),
  ),
  accounts: z.partial(
    z.object({
      owner: accountId,
      coordinator: accountId,
      inference: accountId,
      defi: accountId,
      desk: accountId,
      fund: accountId,
      pool: accountId,
      noise: accountId,
    }),
  ),
  token: z.optional(tokenId),
  stablecoin: z.optional(tokenId),
  log: z.optional(topicId),
  vitals: z.optional(topicId),
  /** Steps that were taken and leave no id behind. */
  done: z.array(z.string()),
  /** The transaction of each step, from before it is sent: what became of it can always be looked up. */
  sent: z.optional(z.record(z.string(), z.string())),
});

/** What set-up has made so far. */
export type DeploymentRecord = Omit<z.output<typeof schema>, "keys">;

/**
 * What set-up keeps in its folder: a file for each party's key, there before any
 * account is made, and `deployment.json`, which has no secret: every step's
 * transaction before it is sent and every id as soon as it is known, so that a
 * second run goes on where one ended.
 */
export class Deployment {
  readonly folder: string;
  readonly #keys: Map<Party, SigningKey>;
  #record: DeploymentRecord;
  #saving: Promise<void> = Promise.resolve();

  private constructor(folder: string, record: DeploymentRecord, keys: Map<Party, SigningKey>) {
    this.folder = folder;
    this.#record = record;
    this.#keys = keys;
  }

  /** Opens the deployment in a folder, or begins one. @throws FestError `DEPLOYMENT_INVALID`, `DEPLOYMENT_ELSEWHERE`, `DEPLOYMENT_KEY_LOST` */
  static async open(folder: string, network: string): Promise<Deployment> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { keys: old, ...found } = (await readRecord(folder)) ?? { network, accounts: {}, done: [] };
    if (found.network !== network) {
      throw new FestError(
        "DEPLOYMENT_ELSEWHERE",
        `${folder} holds a deployment on ${found.network}, not on ${network}`,
        {
          fix: "Choose another folder with --out.",
        },
      );
    }
    const keys = new Map<Party, SigningKey>();
    for (const party of PARTIES) {
      const wanted = found.publicKeys?.[party] ?? null;
      const given = old === undefined ? null : SigningKey.parse(old[party]);
      const next = party === "owner" ? undefined : found.nextKeys?.[party];
      keys.set(party, await keyOfParty(folder, party, { wanted, next, given }));
    }
    const deployment = new Deployment(folder, found, keys);
    await deployment.save({});
    return deployment;
  }

  get record(): DeploymentRecord {
    return this.#record;
  }

  /** A party's key. */
  keyOf(party: Party): SigningKey {
    const key = this.#keys.get(party);
    if (key === undefined) throw lost(this.folder, party);
    return key;
  }

  /** The transaction under which a step was sent, if it ever was. */
  sentOf(step: string): TransactionId | null {
    const id = this.#record.sent?.[step];
    return id === undefined ? null : parseTransactionId(id);
  }

  /** Remembers a step's transaction, before it is sent; null: it came to nothing. */
  async remember(step: string, id: TransactionId | null): Promise<void> {
    const { [step]: _, ...others } = this.#record.sent ?? {};
    await this.save({ sent: id === null ? others : { ...others, [step]: formatTransactionId(id) } });
  }

  /** Puts another key into the place of a party's, on disk too, whole or not at all. */
  async replaceKey(party: Exclude<Party, "owner">, key: SigningKey): Promise<void> {
    // Or a key file that is newer than the record would be taken for a stranger's.
    await this.save({ nextKeys: { ...this.#record.nextKeys, [party]: key.publicKey } });
    await writeKeyFile(this.folder, party, key);
    this.#keys.set(party, key);
    const { [party]: _, ...others } = this.#record.nextKeys ?? {};
    await this.save({ nextKeys: others });
  }

  /**
   * Puts the record aside, because what it names is no more, and begins a new
   * one with the same keys.
   *
   * @returns where the old record is now
   */
  async beginAnew(): Promise<string> {
    const name = `deployment.${this.#record.log ?? this.#record.accounts.owner ?? "unfinished"}.json`;
    const aside = join(this.folder, name);
    await this.#saving;
    await rename(join(this.folder, "deployment.json"), aside);
    this.#record = { network: this.#record.network, accounts: {}, done: [] };
    await this.save({});
    return aside;
  }

  /** Adds to the record, and keeps it on disk at once, readable for this user alone. */
  async save(changes: Partial<DeploymentRecord>): Promise<void> {
    const publicKeys = {
      owner: this.keyOf("owner").publicKey,
      coordinator: this.keyOf("coordinator").publicKey,
      inference: this.keyOf("inference").publicKey,
      defi: this.keyOf("defi").publicKey,
      desk: this.keyOf("desk").publicKey,
    };
    this.#record = { ...this.#record, ...changes, publicKeys };
    // A save that failed is the failed one's to tell: the next writes everything again.
    this.#saving = this.#saving
      .catch(() => undefined)
      .then(() =>
        writeSecret(join(this.folder, "deployment.json"), `${JSON.stringify(this.#record, null, 2)}\n`),
      );
    await this.#saving;
  }
}

/** The key in a party's file; made if there is neither file nor record of one. */
async function keyOfParty(
  folder: string,
  party: Party,
  {
    wanted,
    next,
    given,
  }: {
    readonly wanted: PublicKeySpec | null;
    readonly next: PublicKeySpec | undefined;
    readonly given: SigningKey | null;
  },
): Promise<SigningKey> {
  const found = await readKeyFile(folder, party, wanted?.type ?? "ED25519");
  if (found !== null) {
    const { hex } = found.publicKey;
    if (wanted === null || wanted.hex === hex || next?.hex === hex) return found;
    throw lost(folder, party);
  }
  if (wanted !== null) throw lost(folder, party);
  const key = given ?? SigningKey.generate();
  await writeKeyFile(folder, party, key);
  return key;
}

function lost(folder: string, party: Party): FestError {
  const path = join(folder, `${party}.key`);
  return new FestError("DEPLOYMENT_KEY_LOST", `${path} is not the key that deployment.json tells of`, {
    fix: "Restore it: it is the only copy.",
  });
}

async function readRecord(folder: string): Promise<z.output<typeof schema> | null> {
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
      fix: "Restore it: it says what belongs to the festival.",
    });
  }
}

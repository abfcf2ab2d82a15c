/** Who works for a festival, and how that changes while it runs. */
import { join } from "node:path";
import { AGENTS, type Deployment } from "../../lib/agent/setup/deployment.ts";
import type { Endowment } from "../../lib/agent/setup/endowment.ts";
import { manifestOf } from "../../lib/agent/setup/manifest.ts";
import type { Festival, NoiseSetup } from "../../lib/agent/setup/options.ts";
import { writeSecret } from "../../lib/agent/setup/secret.ts";
import { type Body, encodeEntry } from "../../lib/festival/entry/entry.ts";
import { FestError } from "../../lib/hedera/error.ts";
import type { AccountId } from "../../lib/hedera/id.ts";
import type { Network } from "../../lib/hedera/network.ts";
import { createAccount } from "../../lib/ledger/accounts.ts";
import { type Ledger, openLedger } from "../../lib/ledger/client.ts";
import { SigningKey } from "../../lib/ledger/key.ts";
import { associate } from "../../lib/ledger/tokens.ts";
import { handOverTopic } from "../../lib/ledger/topics.ts";

/** The roles that are processes. */
export const ROLES = ["coordinator", "inference", "defi", "desk"] as const;
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** An agent of the manifest, with the key of its account. */
export interface Member {
  readonly agent: string;
  readonly role: Role;
  readonly account: AccountId;
  readonly key: SigningKey;
}

/** What a crew belongs to. */
export interface CrewOptions {
  readonly network: Network;
  readonly deployment: Deployment;
  readonly festival: Festival;
  readonly endowment: Endowment;
  readonly plan: { readonly id: string; readonly name: string };
  /** The noise trader that set-up made, if it did. */
  readonly noise?: NoiseSetup | undefined;
}

/**
 * The owner's hand on the manifest. Every change is one atomic batch on the log:
 * submit keys and manifest together, so that there is no moment at which an old
 * key may write under the new manifest or a new one under the old.
 */
export class Crew {
  readonly #options: CrewOptions;
  readonly #owner: Ledger;
  #members: readonly Member[];

  constructor(options: CrewOptions) {
    const { network, deployment, festival } = options;
    this.#options = options;
    this.#owner = openLedger({ network, account: festival.accounts.owner, key: deployment.keyOf("owner") });
    this.#members = ROLES.map((role) => ({
      agent: AGENTS[role],
      role,
      account: festival.accounts[role],
      key: deployment.keyOf(role),
    }));
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  /** The owner's own access to the ledger. */
  get owner(): Ledger {
    return this.#owner;
  }

  /** The member of that name. @throws FestError `AGENT_UNKNOWN` */
  member(agent: string): Member {
    const found = this.#members.find((member) => member.agent === agent);
    if (found === undefined) throw new FestError("AGENT_UNKNOWN", `there is no agent ${agent}`);
    return found;
  }

  /** Gives agents an account and a key each, and binds them to a role. @throws LedgerError */
  async add(role: Role, ...agents: readonly string[]): Promise<readonly Member[]> {
    const added = await Promise.all(agents.map((agent) => this.#hire(role, agent)));
    await this.#announce([...this.#members, ...added]);
    return added;
  }

  /** Takes an agent out of the manifest, and its key off the topics. @throws LedgerError */
  async remove(agent: string): Promise<void> {
    const leaving = this.member(agent);
    await this.#announce(this.#members.filter((member) => member !== leaving));
  }

  /** Gives an agent a new account and a new key under its old name. @throws LedgerError */
  async replace(agent: string): Promise<Member> {
    const leaving = this.member(agent);
    const successor = await this.#hire(leaving.role, agent);
    await this.#announce(this.#members.map((member) => (member === leaving ? successor : member)));
    return successor;
  }

  /** The manifest that binds these members. */
  manifest(members: readonly Member[] = this.#members): Body<"manifest"> {
    const { endowment, plan, festival, noise } = this.#options;
    const manifest = manifestOf({ endowment, festival: plan, noise }, festival);
    const roles: Record<string, Record<string, AccountId>> = {};
    for (const { role, agent, account } of members) roles[role] = { ...roles[role], [agent]: account };
    return { ...manifest, payload: { ...manifest.payload, roles } };
  }

  /** The file with the key of a member, in hex. */
  keyFileOf({ agent, account }: Member): string {
    return join(this.#options.deployment.folder, `${agent}.${account}.key`);
  }

  /** Ends the owner's connections. */
  close(): void {
    this.#owner.close();
  }

  async #hire(role: Role, agent: string): Promise<Member> {
    const { endowment, festival } = this.#options;
    const key = SigningKey.generate();
    const account = await createAccount(this.#owner, {
      key: key.publicKey,
      balance: endowment.worker / 100n,
      memo: `fest-agents ${agent}`,
    });
    await associate(this.#owner, { account, token: festival.token, signers: [key] });
    const member = { agent, role, account, key };
    await writeSecret(this.keyFileOf(member), `${key.reveal().hex}\n`);
    return member;
  }

  async #announce(members: readonly Member[]): Promise<void> {
    const { log, vitals } = this.#options.festival;
    const submitKeys = [this.#owner.session.key, ...members.map(({ key }) => key)].map(
      ({ publicKey }) => publicKey,
    );
    const message = encodeEntry(this.manifest(members));
    // On vitals, too, since the keys change there as well; nobody folds it there.
    await handOverTopic(this.#owner, { topic: vitals, submitKeys, message });
    await handOverTopic(this.#owner, { topic: log, submitKeys, message });
    this.#members = members;
  }
}

/** The ledger as doctor's checks see it, read once. */
import { foldLog } from "../../lib/agent/fold-log.ts";
import { agentsOf } from "../../lib/festival/roles.ts";
import { EMPTY_STATE, type State } from "../../lib/festival/state.ts";
import type { AccountId } from "../../lib/hedera/id.ts";
import type { AccountToken, MirrorAccount } from "../../lib/mirror/account.ts";
import type { Mirror } from "../../lib/mirror/client.ts";
import type { MirrorTopic } from "../../lib/mirror/topic.ts";
import type { Context } from "./context.ts";

/** What the ledger says of the members and their festival. */
export interface View extends Context {
  readonly mirror: Mirror;
  /** Folded to the log's head; empty where there is no log. */
  readonly state: State;
  readonly logTopic: MirrorTopic | null;
  readonly vitalsTopic: MirrorTopic | null;
  /** Accounts of members, manifest, owner and fund; null: not on this network. */
  readonly accounts: ReadonlyMap<AccountId, MirrorAccount | null>;
  /** Tokens that these are associated with. */
  readonly tokens: ReadonlyMap<AccountId, readonly AccountToken[]>;
}

/** Reads it. @throws MirrorError */
export async function readView(context: Context, mirror: Mirror): Promise<View> {
  const { log } = context;
  const logTopic = log === null ? null : await mirror.topic(log);
  const state = logTopic === null || log === null ? EMPTY_STATE : await foldLog(mirror, log);
  const { manifest, owner } = state;
  const wanted = new Set([
    ...context.members.flatMap(({ account }) => account ?? []),
    ...agentsOf(state).map(({ account }) => account),
    ...(owner === null ? [] : [owner]),
    ...(manifest?.market === undefined ? [] : [manifest.market.fund]),
    ...(manifest?.market?.pool === undefined ? [] : [manifest.market.pool]),
  ]);
  const accounts = new Map<AccountId, MirrorAccount | null>();
  const tokens = new Map<AccountId, readonly AccountToken[]>();
  await Promise.all(
    [...wanted].map(async (id) => {
      const account = await mirror.account(id);
      accounts.set(id, account);
      if (account !== null) tokens.set(id, (await mirror.accountTokens(id)) ?? []);
    }),
  );
  const vitalsTopic = manifest === null ? null : await mirror.topic(manifest.vitals);
  return { ...context, mirror, state, logTopic, vitalsTopic, accounts, tokens };
}

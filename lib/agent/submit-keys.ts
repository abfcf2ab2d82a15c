import type { State } from "../festival/state.ts";
import { type KeyDrift, keyDrift, writersOf } from "../festival/submit-keys.ts";
import type { AccountId } from "../hedera/id.ts";
import type { Mirror } from "../mirror/client.ts";
import type { MirrorKey } from "../mirror/field.ts";

/**
 * Reads whether log and vitals can be written to by those whom the manifest
 * names, and by nobody else.
 *
 * @returns what is not so, nothing if all is well
 * @throws MirrorError
 */
export async function readKeyDrift(
  mirror: Pick<Mirror, "account" | "topic">,
  state: State,
  log: KeyDrift["topic"],
): Promise<readonly KeyDrift[]> {
  if (state.manifest === null) return [];
  const writers = writersOf(state);
  const keys = new Map<AccountId, MirrorKey | null>();
  await Promise.all(
    writers.map(async ({ account }) => keys.set(account, (await mirror.account(account))?.key ?? null)),
  );
  const topics = await Promise.all([log, state.manifest.vitals].map((id) => mirror.topic(id)));
  return topics.flatMap((topic) =>
    topic === null
      ? []
      : (keyDrift(topic.id, topic.submitKey, writers, (account) => keys.get(account) ?? null) ?? []),
  );
}

/** Who may write to log and vitals, and who may change that. */
import { describeDrift, keyDrift, writersOf } from "../../lib/festival/submit-keys.ts";
import type { AccountId } from "../../lib/hedera/id.ts";
import type { MirrorKey } from "../../lib/mirror/field.ts";
import { keyTreeOf, publicKeysOf } from "../../lib/mirror/key-tree.ts";
import { setupCommand } from "./context.ts";
import { error, type Finding, orOk, warning } from "./finding.ts";
import type { View } from "./view.ts";

/** Compares submit and admin keys with those of the manifest's accounts. */
export function topicKeys(view: View): readonly Finding[] {
  const { state, logTopic, vitalsTopic, accounts } = view;
  const topics = [logTopic, vitalsTopic].flatMap((topic) => topic ?? []);
  if (state.manifest === null) return [];
  const keyOf = (account: AccountId): MirrorKey | null => accounts.get(account)?.key ?? null;
  const where = view.target.folder === null ? "" : ` --out ${view.target.folder}`;
  const drifted = topics.flatMap((topic) => {
    const drift = keyDrift(topic.id, topic.submitKey, writersOf(state), keyOf);
    return drift === null
      ? []
      : error("submit-keys", describeDrift(drift), `bun run rotate --repair${where}`);
  });
  const ownerKey = state.owner === null ? null : keyOf(state.owner);
  const ruled = topics.flatMap((topic): readonly Finding[] => {
    if (topic.adminKey === null) {
      const message = `${topic.id} has no admin key: nobody could undo a change of its submit key`;
      return [warning("admin-key", message, setupCommand(view))];
    }
    const own = ownerKey !== null && publicKeysOf(keyTreeOf(topic.adminKey)).includes(ownerKey.hex);
    return own
      ? []
      : [
          error(
            "admin-key",
            `${topic.id} is administered by a key that is not the owner's`,
            setupCommand(view),
          ),
        ];
  });
  return orOk(
    [...drifted, ...ruled],
    "submit-keys",
    "log and vitals take the manifest's agents and nobody else",
  );
}

/** Private keys: in files, of their user alone, one a role. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { type Check, type Context, editCommand, type Member } from "./context.ts";
import { error, type Finding, orOk, warning } from "./finding.ts";

/** Looks at where the keys lie and who may read them. */
export const keyFiles: Check = ({ members, host }) => {
  const problems = [
    ...members.flatMap((member) => [...inline(member), ...access(member, host)]),
    ...shared(members),
  ];
  const files = members.filter(({ role }) => role.keyFile !== null).length;
  return orOk(problems, "key-files", `${files} key files, each readable for its user alone`);
};

function inline({ role, network }: Member): readonly Finding[] {
  if (!role.env.HEDERA_PRIVATE_KEY?.trim()) return [];
  const message = `${role.name}: the private key is in the environment, where other processes and crash reports see it`;
  const fix = editCommand(role, "put the key into a file of mode 0600 and set HEDERA_PRIVATE_KEY_FILE");
  const say = network?.name === "devnet" ? warning : error;
  return [say("key-inline", message, fix)];
}

function access({ role }: Member, { uid }: Context["host"]): readonly Finding[] {
  const { keyFile } = role;
  const found = keyFile === null ? undefined : statSync(keyFile, { throwIfNoEntry: false });
  if (keyFile === null || found === undefined) return [];
  const mode = found.mode & 0o777;
  const folder = statSync(dirname(keyFile));
  return [
    ...((mode & 0o077) === 0
      ? []
      : [
          error(
            "key-file-mode",
            `${role.name}: ${keyFile} has mode 0${mode.toString(8)}: others may read or change the key`,
            `chmod 600 ${keyFile}`,
          ),
        ]),
    ...(found.uid === uid || found.uid === 0
      ? []
      : [
          error(
            "key-file-owner",
            `${role.name}: ${keyFile} belongs to user ${found.uid}, neither to root nor to user ${uid}`,
            `chown ${uid} ${keyFile}`,
          ),
        ]),
    ...((folder.mode & 0o022) === 0 || (folder.mode & 0o1000) !== 0
      ? []
      : [
          error(
            "key-folder",
            `${role.name}: others may replace files in ${dirname(keyFile)}`,
            `chmod go-w ${dirname(keyFile)}`,
          ),
        ]),
  ];
}

function shared(members: readonly Member[]): readonly Finding[] {
  return members.flatMap(({ role, key }, index) => {
    const first = members
      .slice(0, index)
      .find((other) => key && other.key?.publicKey.hex === key.publicKey.hex);
    if (first === undefined) return [];
    const message = `${role.name} and ${first.role.name} have the same key: whoever has one speaks for both`;
    return error("key-shared", message, `bun run rotate ${role.name}`);
  });
}

/** Every variable of an environment: present, known, well-formed. Values are never shown. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readAgentConfig } from "../../lib/agent/config.ts";
import { ConfigError, type ConfigProblem } from "../../lib/hedera/config.ts";
import { ledgerFromEnv } from "../../lib/ledger/config.ts";
import { type Check, editCommand, type Member } from "./context.ts";
import { error, type Finding, ok, warning } from "./finding.ts";

const EXAMPLE = resolve(import.meta.dir, "../../.env.example");

/** Reads each environment as its process will, and tells what that process would complain of. */
export const variables: Check = ({ members }) => {
  const known = knownVariables();
  return members.flatMap((member) => [
    ...badLines(member),
    ...problemsOf(member).map((problem) => malformed(member, problem)),
    ...unknownOf(member, known),
    presence(member, known),
  ]);
};

function badLines({ role }: Member): readonly Finding[] {
  return role.badLines.map((line) =>
    error(
      "env-file",
      `${role.file}:${line} is no NAME=value`,
      editCommand(role, `mend or remove line ${line}`),
    ),
  );
}

function problemsOf({ role, agent }: Member): readonly ConfigProblem[] {
  const { keyFile, file } = role;
  const env = keyFile === null ? role.env : { ...role.env, HEDERA_PRIVATE_KEY_FILE: keyFile };
  try {
    if (agent === null && role.name === "owner") ledgerFromEnv(env);
    else readAgentConfig(env);
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) {
      return thrown.problems.filter(
        ({ variable }) => !role.sealed || !variable.startsWith("HEDERA_PRIVATE_KEY"),
      );
    }
    throw new Error(`${file ?? "the environment"} cannot be read`, { cause: thrown });
  }
}

function malformed({ role }: Member, { variable, wrong, fix }: ConfigProblem): Finding {
  return error(`env:${variable}`, `${role.name}: ${variable} ${wrong}`, editCommand(role, fix));
}

function unknownOf({ role }: Member, known: ReadonlySet<string>): readonly Finding[] {
  return Object.keys(role.env)
    .filter((name) => /^(HEDERA|FEST)_/.test(name) && !known.has(name))
    .map((name) => {
      const near = [...known].find((other) => distance(name, other) <= 3);
      const meant = near === undefined ? "" : `; ${near} is`;
      return warning(
        "env-unknown",
        `${role.name}: ${name} is no variable that anything reads${meant}`,
        editCommand(role, near === undefined ? `remove ${name}` : `rename ${name} to ${near}`),
      );
    });
}

function presence({ role }: Member, known: ReadonlySet<string>): Finding {
  const set = [...known].filter((name) => role.env[name]?.trim());
  const key = role.sealed
    ? ", private key sealed for systemd"
    : role.keyFile === null
      ? ""
      : ", private key in a file";
  return ok("env", `${role.name}: ${set.length === 0 ? "nothing" : set.join(", ")} set${key}`);
}

/** `.env.example` is the list of all variables. */
function knownVariables(): ReadonlySet<string> {
  const names = readFileSync(EXAMPLE, "utf8").matchAll(/^#? ?((?:HEDERA|FEST)_[A-Z_]+)=/gm);
  return new Set([...names].flatMap(([, name]) => name ?? []));
}

/** Levenshtein's distance, for names of a few letters. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

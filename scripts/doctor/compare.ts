/** Whether two environments are alike: staging and production, or two machines of one festival. */
import { type Member, memberOf } from "./context.ts";
import type { Diagnosis } from "./doctor.ts";
import { error, type Finding, orOk, warning } from "./finding.ts";
import type { Target } from "./target.ts";

/** What differs between any two festivals; anything else that differs is told. */
const OWN = new Set([
  "HEDERA_NETWORK",
  "HEDERA_PORT_BASE",
  "HEDERA_NODES",
  "HEDERA_MIRROR_GRPC",
  "HEDERA_MIRROR_URL",
  "HEDERA_RELAY_URL",
  "HEDERA_RELAY_WS_URL",
  "HEDERA_ACCOUNT_ID",
  "HEDERA_PRIVATE_KEY",
  "HEDERA_PRIVATE_KEY_FILE",
  "FEST_LOG",
  "FEST_VITALS",
]);

/** Compares roles, variables and settings; values of keys are compared and never shown. */
export function compare(a: Target, b: Target, names: readonly [string, string]): Diagnosis {
  const [left, right] = [a.roles.map(memberOf), b.roles.map(memberOf)];
  const problems = [...oneSided(left, right, names), ...oneSided(right, left, [names[1], names[0]])];
  for (const member of left) {
    const other = right.find(({ role }) => role.name === member.role.name);
    if (other !== undefined) problems.push(...differences(member, other, names));
  }
  const findings = orOk(
    problems,
    "parity",
    `${names[0]} and ${names[1]} have the same roles, variables and settings`,
  );
  return { ok: findings.every(({ severity }) => severity !== "error"), findings };
}

function oneSided(
  members: readonly Member[],
  others: readonly Member[],
  [here, there]: readonly [string, string],
): Finding[] {
  return members
    .filter(({ role }) => !others.some((other) => other.role.name === role.name))
    .map(({ role }) =>
      error("parity-role", `${here} has a ${role.name}, ${there} has none`, `bun run setup --out ${there}`),
    );
}

function differences(a: Member, b: Member, [here, there]: readonly [string, string]): readonly Finding[] {
  const { name } = a.role;
  const fix = `diff ${a.role.file ?? here} ${b.role.file ?? there}`;
  const variables = [...new Set([...Object.keys(a.role.env), ...Object.keys(b.role.env)])].toSorted();
  const findings: Finding[] = [];
  for (const variable of variables) {
    const [one, two] = [a.role.env[variable]?.trim() ?? "", b.role.env[variable]?.trim() ?? ""];
    if (one === two) continue;
    // Addresses that a named network knows by itself need not be spelled out.
    if (one !== "" && two !== "" && OWN.has(variable)) continue;
    if (/^HEDERA_(NODES|MIRROR|RELAY|PORT)/.test(variable)) continue;
    const only = one === "" ? there : two === "" ? here : null;
    findings.push(
      only === null
        ? warning("parity-value", `${name}: ${variable} differs`, fix)
        : error("parity-variable", `${name}: only ${only} sets ${variable}`, fix),
    );
  }
  if (a.key !== null && a.key.publicKey.hex === b.key?.publicKey.hex && a.network?.name !== b.network?.name) {
    const message = `${name}: one key on ${a.network?.name} and on ${b.network?.name}: a leak of one is a leak of both`;
    findings.push(error("parity-key", message, `bun run rotate ${name}`));
  }
  return findings;
}

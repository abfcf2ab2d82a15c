/** What two processes on one machine may not share. */
import { type Check, editCommand, type Member } from "./context.ts";
import { error, type Finding, orOk } from "./finding.ts";

/** Finds accounts, names and ports that are used twice. */
export const duplicates: Check = ({ members }) => {
  const problems = [
    ...twice(members, "account-shared", "account", "HEDERA_ACCOUNT_ID", ({ account }) => account),
    ...twice(members, "agent-shared", "name", "FEST_AGENT", ({ agent }) => agent),
    ...twice(members, "health-port-shared", "health port", "FEST_HEALTH_PORT", ({ role }) =>
      portOf(role.env),
    ),
  ];
  return orOk(problems, "duplicates", "no two roles share an account, a name or a port");
};

function portOf(env: Member["role"]["env"]): string | null {
  const port = env.FEST_HEALTH_PORT?.trim();
  return port === "0" ? null : (port ?? null) || null;
}

function twice(
  members: readonly Member[],
  name: string,
  what: string,
  variable: string,
  of: (member: Member) => string | null,
): readonly Finding[] {
  return members.flatMap((member, index) => {
    const value = of(member);
    const first = members.slice(0, index).find((other) => value !== null && of(other) === value);
    if (first === undefined) return [];
    const message = `${member.role.name} and ${first.role.name} have the same ${what}, ${value}`;
    return error(name, message, editCommand(member.role, `give ${variable} a value of its own`));
  });
}

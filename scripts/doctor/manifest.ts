/** Log, vitals and manifest: there, and about these very agents. */
import { agentOf } from "../../lib/festival/roles.ts";
import { editCommand, type Member, setupCommand } from "./context.ts";
import { error, type Finding, orOk } from "./finding.ts";
import type { View } from "./view.ts";

/** Compares the members with what the log's manifest says of them. */
export function manifest(view: View): readonly Finding[] {
  const gone = topics(view);
  if (gone.length > 0 || view.state.manifest === null) return gone;
  const problems = view.members.flatMap((member) => [...bound(view, member), ...vitals(view, member)]);
  const { festival } = view.state.manifest;
  return orOk(
    problems,
    "manifest",
    `the manifest of ${JSON.stringify(festival.name)} names every agent that is set up here`,
  );
}

function topics(view: View): readonly Finding[] {
  const { log, logTopic, vitalsTopic, state, network } = view;
  const fix = setupCommand(view);
  if (log === null) return [];
  if (logTopic === null) {
    return [
      error(
        "log-missing",
        `there is no topic ${log} on ${network?.name}: it was reset, or it is another network's`,
        fix,
      ),
    ];
  }
  if (logTopic.deleted) return [error("log-deleted", `the log ${log} was deleted`, fix)];
  if (state.manifest === null)
    return [error("log-empty", `topic ${log} has no manifest: it is no festival's log`, fix)];
  const { vitals: id } = state.manifest;
  if (vitalsTopic === null || vitalsTopic.deleted) {
    return [error("vitals-missing", `the vitals topic ${id} is not there: nobody will hear the agents`, fix)];
  }
  return [];
}

function bound({ state }: View, { role, agent, account }: Member): readonly Finding[] {
  if (agent === null) return [];
  const found = agentOf(state, agent);
  if (found === undefined) {
    const message = `${role.name}: the manifest has no agent ${agent}`;
    return [error("agent-unknown", message, editCommand(role, "set FEST_AGENT to a name of the manifest"))];
  }
  const problems: Finding[] = [];
  if (account !== null && found.account !== account) {
    const message = `${role.name}: the manifest binds ${agent} to ${found.account}, not to ${account}: what it says would not count`;
    problems.push(
      error("agent-account", message, editCommand(role, `set HEDERA_ACCOUNT_ID to ${found.account}`)),
    );
  }
  const roles = Object.keys(state.manifest?.roles ?? {});
  if (roles.includes(role.name) && role.name !== found.role) {
    const message = `${role.name}: FEST_AGENT is ${agent}, which plays ${found.role}`;
    problems.push(
      error("agent-role", message, editCommand(role, `set FEST_AGENT to an agent of role ${role.name}`)),
    );
  }
  return problems;
}

function vitals({ state }: View, { role }: Member): readonly Finding[] {
  const named = role.env.FEST_VITALS?.trim();
  if (!named || named === state.manifest?.vitals) return [];
  const message = `${role.name}: FEST_VITALS is ${named}, the manifest says ${state.manifest?.vitals}`;
  return [
    error("vitals-mismatch", message, editCommand(role, `set FEST_VITALS to ${state.manifest?.vitals}`)),
  ];
}

/** How soon a person is wanted: `critical` now, `warning` today. */
export type Severity = "critical" | "warning";

/** Every alarm: how grave it is, and what it means in a few words. `docs/operations.md` has a section for each. */
export const ALARMS = {
  agent_silent: { severity: "critical", title: "An agent is silent" },
  agent_error: { severity: "critical", title: "An agent does not do its work" },
  agent_restarting: { severity: "critical", title: "An agent starts again and again" },
  task_blocked: { severity: "warning", title: "A task failed" },
  payment_failed: { severity: "critical", title: "A payment failed" },
  obligation_overdue: { severity: "critical", title: "An obligation is overdue" },
  owner_wanted: { severity: "warning", title: "The owner is wanted" },
  low_runway: { severity: "warning", title: "An account runs low" },
  unauthorised_entries: { severity: "warning", title: "Somebody writes who may not" },
  chain_gap: { severity: "critical", title: "The log is not what it was" },
  drawdown: { severity: "critical", title: "The fund has lost too much" },
  submit_key_changed: { severity: "critical", title: "The wrong keys can write" },
  release_failed: { severity: "critical", title: "A release was taken back" },
  off_baseline: { severity: "warning", title: "It goes worse than it used to" },
  ledger_unreadable: { severity: "critical", title: "The ledger cannot be read" },
} as const satisfies Record<string, { severity: Severity; title: string }>;

/** The stable name of an alarm. */
export type AlarmName = keyof typeof ALARMS;

/** Something that wants a person, as long as it is so. */
export interface Alarm {
  readonly name: AlarmName;
  /** Which of them: an agent, a task, an obligation, a topic; two alarms with the same name and `about` are one. */
  readonly about: string;
  readonly severity: Severity;
  /** What is wrong with what, in one sentence. */
  readonly message: string;
}

const MOST_LETTERS = 500;

/**
 * An alarm with its usual severity, or a graver one. What agents and strangers
 * wrote may be in its message, so what steers a terminal or the direction of
 * letters is left out.
 */
export function alarm(name: AlarmName, about: string, message: string, severity?: Severity): Alarm {
  const clean = message.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").slice(0, MOST_LETTERS);
  return { name, about, severity: severity ?? ALARMS[name].severity, message: clean };
}

/** What tells an alarm from every other. */
export function alarmKey({ name, about }: Pick<Alarm, "name" | "about">): string {
  return `${name} ${about}`;
}

/** Where an alarm is explained: the anchor of its section in `docs/operations.md`. */
export function alarmAnchor(name: AlarmName): string {
  return `alarm-${name.replaceAll("_", "-")}`;
}

import { FestError } from "../../lib/hedera/error.ts";
import { need, run } from "./command.ts";

/** What systemd says about a unit. */
export interface UnitState {
  readonly name: string;
  /** `active`, `activating`, `inactive`, `failed`, ... */
  readonly active: string;
  /** The one line that the unit says about itself. */
  readonly status: string;
  /** Changes with every start. */
  readonly invocation: string;
  readonly restarts: number;
  readonly pid: number;
  /** Whether a job of its is under way. */
  readonly busy: boolean;
  /** When its main process was started, in milliseconds of the epoch; null if it never was. */
  readonly startedAt: number | null;
  /** Why it failed last, in systemd's own word. */
  readonly result: string;
  /** Whether it was not started since its condition did not hold. */
  readonly skipped: boolean;
}

/** What {@link readStates} reads. */
export const PROPERTIES = [
  "Id",
  "ActiveState",
  "StatusText",
  "InvocationID",
  "NRestarts",
  "MainPID",
  "Job",
  "ExecMainStartTimestamp",
  "Result",
  "ConditionResult",
  "ConditionTimestampMonotonic",
];

/** The states of units by name or pattern; a pattern finds only what systemd has loaded. */
export async function unitStates(...names: readonly string[]): Promise<readonly UnitState[]> {
  const text = await need([
    "systemctl",
    "show",
    "--timestamp=unix",
    `--property=${PROPERTIES.join(",")}`,
    "--",
    ...names,
  ]);
  return readStates(text);
}

/** Reads what `systemctl show --timestamp=unix` says of some units. */
export function readStates(text: string): readonly UnitState[] {
  return text
    .split("\n\n")
    .filter((block) => block.includes("Id="))
    .map((block) => {
      const of = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(block)?.[1] ?? "";
      const started = /^@(\d+)/.exec(of("ExecMainStartTimestamp"))?.[1];
      return {
        name: of("Id"),
        active: of("ActiveState"),
        status: of("StatusText"),
        invocation: of("InvocationID"),
        restarts: Number(of("NRestarts") || 0),
        pid: Number(of("MainPID") || 0),
        busy: !["", "0"].includes(of("Job")),
        startedAt: started === undefined ? null : Number(started) * 1_000,
        result: of("Result"),
        skipped: of("ConditionResult") === "no" && Number(of("ConditionTimestampMonotonic") || 0) > 0,
      };
    });
}

/** The state of one unit; of one that systemd does not know, `inactive`. */
export async function unitState(name: string): Promise<UnitState> {
  const [state] = await unitStates(name);
  if (state === undefined) throw new FestError("UNIT_UNKNOWN", `systemd knows no unit ${name}`);
  return state;
}

/** `systemctl` with these words. @throws FestError `COMMAND_FAILED` */
export async function systemctl(...words: readonly string[]): Promise<void> {
  await need(["systemctl", ...words]);
}

/** The version of the systemd that runs here; null if none does. */
export async function systemdVersion(): Promise<number | null> {
  const running = await run(["systemctl", "is-system-running"]).catch(() => null);
  if (running === null || /^(offline|unknown)?$/.test(running.out.trim())) return null;
  const version = /systemd (\d+)/.exec((await run(["systemctl", "--version"])).out)?.[1];
  return version === undefined ? null : Number(version);
}

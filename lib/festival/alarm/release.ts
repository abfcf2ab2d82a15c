import { addSeconds, type Timestamp } from "../../hedera/timestamp.ts";
import type { Vital } from "../vitals.ts";

/** Seconds in which starts are counted. */
const STARTS_SECONDS = 600;

/**
 * Whether an agent starts again and again, in words after its name; null if it
 * does not. A start after an orderly stop is none of those: upgrades are allowed.
 *
 * @param recent its vital signs, newest first
 */
export function restarting(recent: readonly Vital[], now: Timestamp, limit: number): string | null {
  const since = addSeconds(now, -STARTS_SECONDS);
  const late = recent.filter(({ stamp }) => stamp.timestamp > since);
  const crashes = late.filter(
    ({ name }, at) =>
      name === "agent_started" &&
      late.slice(at + 1).find((older) => older.name !== "heartbeat")?.name !== "agent_stopped",
  );
  if (crashes.length < limit) return null;
  return `started ${crashes.length} times in ${STARTS_SECONDS / 60} minutes without having been stopped`;
}

/**
 * Whether a release did not last, in words after the agent's name; null if not.
 * The ledger shows it by the versions in the agent's signs: one that was followed
 * by an older one, or that an earlier one came back after.
 *
 * @param recent its vital signs, newest first
 */
export function releaseFailed(recent: readonly Vital[]): string | null {
  const oldest = recent.at(-1);
  // Copies of an agent beat in turn while one after the other is upgraded; only a start tells a change.
  const telling = recent.filter((vital) => vital.name === "agent_started" || vital === oldest);
  const versions = telling
    .map(({ body }) => body.payload.version ?? "")
    .filter((version) => version !== "")
    .filter((version, at, all) => version !== all[at - 1]);
  const [current, before, ...older] = versions;
  if (current === undefined || before === undefined) return null;
  if (!older.includes(current) && compareVersions(current, before) >= 0) return null;
  return `went back from release ${before} to ${current}`;
}

/** Compares `1.10.0` and `1.9.2` by their numbers, up to the first thing that is none; what is equal there is 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) =>
    (/^v?([\d.]+)/.exec(version)?.[1] ?? "").split(".").map(Number),
  );
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

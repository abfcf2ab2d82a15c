import { alarm } from "../../lib/festival/alarm/alarm.ts";
import { type Check, guarded, passed, skipped } from "../smoke/check.ts";
import { tellOfHost } from "../watch/host-alarm.ts";
import { watchEnvironment } from "./host-config.ts";

/** A release that is not good. */
export interface FailedRelease {
  readonly version: string;
  /** The release that runs again; null: none does. */
  readonly returned: string | null;
  /** What was looked at, the failures among it. */
  readonly checks: readonly Check[];
}

/** Tells the webhook of this host, where it has one, that a release was not good, and what runs now. */
export function tellReleaseFailed(config: string, failed: FailedRelease): Promise<Check> {
  const { version, returned } = failed;
  return guarded("alarm", "bun run watch --test", async () => {
    const now = returned === null ? "there was none to return to" : `${returned} runs again`;
    const found = alarm("release_failed", version, `${version} is not good, ${now}: ${reasonsOf(failed)}`);
    return (await tellOfHost(found, await watchEnvironment(config)))
      ? passed("alarm", "the webhook was told")
      : skipped("alarm", "host/watch.env names no webhook, so nobody was told");
  });
}

function reasonsOf({ checks }: FailedRelease): string {
  const failures = checks.filter(({ status }) => status === "fail");
  return failures.map(({ name, message }) => `${name}: ${message}`).join("; ");
}

import { FestError } from "../../lib/hedera/error.ts";
import type { Place } from "./place.ts";
import { Releases } from "./releases.ts";
import { systemdVersion } from "./systemctl.ts";

/** Where releases and configuration lie on this host. */
export interface HereOptions {
  readonly to: string;
  readonly config: string;
  readonly onStep: (step: string) => void;
}

/** The oldest systemd that loads credentials by name. */
const OLDEST = 252;

/** This host, if releases can be run on it. @throws FestError `NOT_ROOT`, `SYSTEMD_MISSING`, `SYSTEMD_OLD` */
export async function placeHere({ to, config, onStep }: HereOptions): Promise<Place> {
  if (process.getuid?.() !== 0) {
    throw new FestError("NOT_ROOT", "units and releases belong to root", { fix: "Run it with sudo." });
  }
  const systemd = await systemdVersion();
  if (systemd === null) {
    throw new FestError("SYSTEMD_MISSING", "systemd does not run on this machine", {
      fix: "Use bun run demo here, or another supervisor.",
    });
  }
  if (systemd < OLDEST) {
    throw new FestError("SYSTEMD_OLD", `systemd is ${systemd}, the units need ${OLDEST}`, {
      fix: "Use Debian 12 or newer.",
    });
  }
  return { releases: new Releases(to), config, systemd, onStep };
}

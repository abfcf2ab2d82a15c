/** The machine: runtime, systemd, disk, memory. */
import type { Check, Context } from "./context.ts";
import { error, type Finding, ok, warning } from "./finding.ts";

const MEGABYTE = 1_048_576n;
/** What four agents take, and below which one alone will not live long. */
const MEMORY_WANTED = 1_024n * MEGABYTE;
const MEMORY_NEEDED = 256n * MEGABYTE;
/** A release with its modules, and room for logs. */
const DISK_WANTED = 2_048n * MEGABYTE;
const DISK_NEEDED = 256n * MEGABYTE;
const OLDEST_SYSTEMD = 252;
const OLDEST_BUN = [1, 4, 5];

/** The machine can carry the agents. */
export const machine: Check = ({ host, target }) => [
  bun(host),
  systemd(host),
  room(
    "disk",
    "free on the disk",
    host.diskFree(target.folder ?? "."),
    DISK_NEEDED,
    DISK_WANTED,
    "journalctl --vacuum-size=200M",
  ),
  room(
    "memory",
    "of memory available",
    host.memoryAvailable(),
    MEMORY_NEEDED,
    MEMORY_WANTED,
    "systemd-cgtop --order=memory",
  ),
];

function bun({ bun: version }: Context["host"]): Finding {
  const [a = 0, b = 0, c = 0] = version.split(/[.-]/).map(Number);
  const [x = 0, y = 0, z = 0] = OLDEST_BUN;
  if (a > x || (a === x && (b > y || (b === y && c >= z)))) return ok("bun", `Bun ${version}`);
  const fix = `npm install --global bun@${OLDEST_BUN.join(".")}`;
  return error("bun", `Bun ${version} is older than ${OLDEST_BUN.join(".")}, and leaks memory in gRPC`, fix);
}

function systemd(host: Context["host"]): Finding {
  const version = host.systemd();
  if (version === null) return ok("systemd", "systemd does not run here; agents run as plain processes");
  if (version >= OLDEST_SYSTEMD) return ok("systemd", `systemd ${version}`);
  const message = `systemd ${version} is older than ${OLDEST_SYSTEMD}: the units' sandbox is not what it says`;
  return error("systemd", message, "apt-get update && apt-get install systemd");
}

function room(
  name: string,
  what: string,
  bytes: bigint,
  needed: bigint,
  wanted: bigint,
  fix: string,
): Finding {
  const message = `${bytes / MEGABYTE} MB ${what}`;
  if (bytes < needed) return error(name, `${message}, at least ${needed / MEGABYTE} are needed`, fix);
  if (bytes < wanted) return warning(name, `${message}, ${wanted / MEGABYTE} are wanted`, fix);
  return ok(name, message);
}

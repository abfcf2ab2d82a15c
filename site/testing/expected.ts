/** What the page must show, computed from a mirror's REST alone and without any code of the page. */
import type { RawEntry } from "../../scripts/testing/rest.ts";

/** Thousands apart, no zeros at the end. */
export function amountText(units: bigint | number | string, decimals: number): string {
  const whole = BigInt(units);
  const scale = 10n ** BigInt(decimals);
  const size = whole < 0n ? -whole : whole;
  const fraction = (size % scale).toString().padStart(decimals, "0").replace(/0+$/, "");
  const grouped = Number(size / scale).toLocaleString("en-US");
  return `${whole < 0n ? "-" : ""}${grouped}${decimals === 0 || fraction === "" ? "" : `.${fraction}`}`;
}

/** HBAR of tinybars, cut to cents. */
export function hbarText(tinybars: bigint | string): string {
  return amountText(BigInt(tinybars) / 1_000_000n, 2);
}

/** Dollars of micro-USD, cut to cents. */
export function usdText(micro: bigint | string): string {
  return amountText(BigInt(micro) / 10_000n, 2);
}

/** Seconds in their two largest units. */
export function secondsText(seconds: number): string {
  const units = [
    [86_400, "d", 3_600, "h"],
    [3_600, "h", 60, "min"],
    [60, "min", 1, "s"],
  ] as const;
  const found = units.find(([size]) => seconds >= size);
  if (found === undefined) return `${seconds} s`;
  const [size, name, small, smallName] = found;
  const rest = Math.floor((seconds % size) / small);
  return `${Math.floor(seconds / size)} ${name}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}

/** Nanoseconds of a consensus timestamp. */
export function nanosOf(timestamp: string): bigint {
  const [seconds = "0", nanos = "0"] = timestamp.split(".");
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

/** The line of figures of an agent, from its heartbeats up to a moment. */
export function agentLine(beats: readonly RawEntry[], role: string, head: number): string {
  const last = beats.at(-1)?.payload;
  const behind = head - last.sequence;
  return [
    `up ${secondsText(last.uptime_seconds)}`,
    `${last.completed_tasks} done, ${last.failed_tasks} failed`,
    ...(last.balance === undefined ? [] : [`${hbarText(last.balance)} ℏ`]),
    ...(role === "desk" ? [] : spendingLine(beats)),
    `${last.rss_mb} MB`,
    behind > 0 ? `${behind} ${behind === 1 ? "entry" : "entries"} behind` : "has read all",
    ...(last.version === undefined ? [] : [`v${last.version.replace(/^v/, "")}`]),
  ].join(" · ");
}

/** What it spends a day, and how long its balance lasts, since that last rose. */
function spendingLine(beats: readonly RawEntry[]): readonly string[] {
  const known = beats.slice(-60).filter(({ payload }) => payload.balance !== undefined);
  const points = known.map(({ timestamp, payload }) => ({
    at: nanosOf(timestamp),
    balance: BigInt(payload.balance),
  }));
  const last = points.at(-1);
  if (last === undefined) return [];
  let first = last;
  for (const point of points.toReversed()) {
    if (point.balance < first.balance) break;
    first = point;
  }
  const elapsed = last.at - first.at;
  const spent = first.balance - last.balance;
  if (elapsed < 30_000_000_000n || spent === 0n) return [];
  const day = (spent * 86_400_000_000_000n) / elapsed;
  const lasts = (last.balance * elapsed) / spent / 1_000_000_000n;
  return [`${hbarText(day)} ℏ a day`, `lasts ${secondsText(Number(lasts))}`];
}

/** Done, failed, median and slowest of each kind of work that these accounts handed in, in order of first sight. */
export function jobLines(entries: readonly RawEntry[], accounts: readonly unknown[]): readonly string[] {
  const kinds = new Map<string, string>();
  const jobs = new Map<string, { status: string; duration: number | undefined }[]>();
  for (const { type, task_id, payload, payer } of entries) {
    if (type === "task_planned") kinds.set(task_id, payload.kind);
    if (type !== "task_result" || !accounts.includes(payer)) continue;
    const kind = kinds.get(task_id) ?? "";
    jobs.set(kind, [...(jobs.get(kind) ?? []), { status: payload.status, duration: payload.duration_ms }]);
  }
  return [...jobs].map(([kind, some]) => {
    const failed = some.filter(({ status }) => status === "failed").length;
    const times = some.flatMap(({ duration }) => duration ?? []).toSorted((a, b) => a - b);
    const middle = times[Math.floor(times.length / 2)];
    const text = (time: number | undefined) => (time === undefined ? "–" : millisText(time));
    return `${kind.replaceAll("_", " ")} ${some.length - failed} ${failed} ${text(middle)} ${text(times.at(-1))}`;
  });
}

function millisText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${Math.floor(milliseconds / 100) / 10} s`;
  return secondsText(Math.floor(milliseconds / 1_000));
}

import type { State } from "../../lib/festival/state.ts";
import type { Complaint } from "./complaints.ts";
import type { Growth } from "./growth.ts";
import type { Rhythm } from "./heartbeats.ts";
import type { PageFigures } from "./page.ts";
import type { ProcessSample } from "./process-sample.ts";
import type { Step } from "./steps.ts";

/** One look at everything. */
export interface Moment {
  readonly seconds: number;
  readonly entries: number;
  readonly editions: number;
  /** Tasks paid so far. */
  readonly paid: number;
  readonly processes: Readonly<Record<string, ProcessSample>>;
}

/** How a process's memory and file descriptors went. */
export interface ProcessFigures {
  readonly rss_mb: Growth | null;
  readonly fds: Growth | null;
}

/** How an agent did. */
export interface AgentFigures extends Rhythm, ProcessFigures {
  readonly agent: string;
  readonly alive: boolean;
  readonly restarts: number;
}

/** What a soak ends in. */
export interface SoakFigures {
  readonly minutes: number;
  readonly latency: string;
  readonly heartbeat_seconds: number;
  readonly editions: number;
  readonly entries: number;
  readonly counts: State["counts"];
  readonly tasks: { readonly planned: number; readonly paid: number; readonly failed: number };
  readonly payments: number;
  readonly transfers: number;
  readonly unmatched: number;
  readonly paid_twice: number;
  readonly units_paid: string;
  readonly units_moved: string;
  readonly hbar_conserved: boolean;
  readonly tokens_conserved: boolean;
  readonly warnings: number;
  readonly errors: number;
  /** Lines on stderr that are no log lines, such as a stack trace. */
  readonly other_lines: number;
  readonly complaints: readonly Complaint[];
  readonly agents: readonly AgentFigures[];
  readonly devnet: ProcessFigures;
  /** Null unless a browser watched. */
  readonly page: PageFigures | null;
  /** Memory, from every look. */
  readonly steps: readonly Step[];
  /** One look a minute. */
  readonly moments: readonly Moment[];
}

/** The soak's report in Markdown. */
export function reportOf(figures: SoakFigures): string {
  const { tasks, counts, agents, moments, complaints } = figures;
  const names = [...agents.map(({ agent }) => agent), "devnet"];
  return [
    `${figures.minutes.toFixed(1)} minutes at a latency of ${figures.latency}: ${figures.editions} editions, ` +
      `${figures.entries} entries, ${tasks.paid} tasks paid, ${tasks.failed} failed.`,
    "",
    table(
      [
        "agent",
        "alive",
        "restarts",
        "heartbeats",
        "missed",
        "late",
        "longest gap",
        "RSS early",
        "late",
        "growth",
        "fds early",
        "late",
      ],
      agents.map((one) => [
        one.agent,
        one.alive ? "yes" : "NO",
        one.restarts,
        one.heartbeats,
        one.missed,
        one.late,
        `${one.longestGapSeconds.toFixed(1)} s`,
        ...memory(one),
      ]),
    ),
    "",
    table(
      ["", ""],
      [
        ["payments on the log", `${figures.payments} (${figures.units_paid} units)`],
        ["transfers on the ledger", `${figures.transfers} (${figures.units_moved} units)`],
        ["one without the other", figures.unmatched],
        ["tasks paid twice", figures.paid_twice],
        ["HBAR conserved", figures.hbar_conserved ? "yes" : "NO"],
        ["payment tokens conserved", figures.tokens_conserved ? "yes" : "NO"],
        [
          "entries that do not count",
          `${counts.unknown} unknown, ${counts.malformed} malformed, ${counts.unauthorised} unauthorised, ${counts.refused} refused`,
        ],
        [
          "log lines",
          `${figures.errors} errors, ${figures.warnings} warnings, ${figures.other_lines} others (stack traces)`,
        ],
      ],
    ),
    "",
    stepTable(figures.steps, names),
    "",
    table(
      ["minute", "entries", "paid", ...names.map((name) => `${name} MB / fds`)],
      everyTenth(moments).map(({ seconds, entries, paid, processes }) => [
        Math.round(seconds / 60),
        entries,
        paid,
        ...names.map((name) => {
          const process = processes[name];
          return process === undefined ? "-" : `${process.rssMb.toFixed(0)} / ${process.fds}`;
        }),
      ]),
    ),
    ...(figures.page === null ? [] : ["", pageTable(figures.page)]),
    ...(complaints.length === 0 ? [] : ["", ...complaints.map(complaintOf)]),
  ].join("\n");
}

function stepTable(steps: readonly Step[], names: readonly string[]): string {
  return table(
    ["ten minutes up to", ...names.map((name) => `${name} MB, median (lowest)`)],
    steps.map(({ minute, rss_mb: rss }) => [
      minute,
      ...names.map((name) => {
        const spread = rss[name];
        return spread === undefined ? "-" : `${spread.median.toFixed(0)} (${spread.lowest.toFixed(0)})`;
      }),
    ]),
  );
}

function pageTable(page: PageFigures): string {
  const states = Object.entries(page.states).map(([state, looks]) => `${state} ${looks}`);
  const heap = page.heap_mb;
  return table(
    ["the dashboard, open all the time", ""],
    [
      ["looks", page.looks],
      ["reloads", page.reloads],
      ["console warnings and errors", page.complaints.length],
      ["looks that found a panel or tile in a state", states.join(", ")],
      ["most looks in a row with one not live", page.longest_not_live],
      ["entries behind the ledger, at most", page.most_behind],
      ["last entry shown, and on the ledger", `${page.shown}, ${page.on_ledger}`],
      ["heap early, late", heap === null ? "-" : `${heap.early.toFixed(1)} MB, ${heap.late.toFixed(1)} MB`],
    ],
  );
}

function memory({ rss_mb: rss, fds }: ProcessFigures): readonly string[] {
  return [
    rss === null ? "-" : `${rss.early.toFixed(0)} MB`,
    rss === null ? "-" : `${rss.late.toFixed(0)} MB`,
    rss === null ? "-" : `${(rss.growth * 100).toFixed(1)} %`,
    fds === null ? "-" : `${fds.early}`,
    fds === null ? "-" : `${fds.late}`,
  ];
}

/** A row every so often, so that an hour fits on a page. */
function everyTenth(moments: readonly Moment[]): readonly Moment[] {
  const step = Math.max(1, Math.floor(moments.length / 12));
  return moments.filter((_, index) => index % step === 0 || index === moments.length - 1);
}

function complaintOf({ level, agent, message, times }: Complaint): string {
  return `- ${times} x ${level} ${agent}: ${message}`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

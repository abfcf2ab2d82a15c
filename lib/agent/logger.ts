import { fstatSync } from "node:fs";
import pino from "pino";
import { describeError } from "../hedera/error.ts";
import { Secret } from "../hedera/secret.ts";
import { SigningKey } from "../ledger/key.ts";

/**
 * Structured logs, one JSON object a line on stderr: stdout belongs to a command's
 * own output. Without pino's `child`, whose bindings no formatter sees.
 */
export type Logger = Pick<pino.Logger, "debug" | "info" | "warn" | "error">;

/** Where lines go. */
export interface LineSink {
  write(line: string): void;
}

const STDERR = 2;
/** pino's levels as syslog's (`sd-daemon(3)`), which the journal filters by. */
const PRIORITIES: Readonly<Record<string, number>> = { 10: 7, 20: 7, 30: 6, 40: 4, 50: 3, 60: 2 };

/** Standard error; where that is systemd's journal, each line with its priority in front, which the journal takes off. */
export function stderrSink(env: Readonly<Record<string, string | undefined>>): LineSink {
  const stderr = pino.destination(STDERR);
  if (!isJournal(env.JOURNAL_STREAM)) return stderr;
  return { write: (line) => stderr.write(`${priorityOf(line)}${line}`) };
}

/** The prefix of a line by its level, such as `<4>` for a warning. */
export function priorityOf(line: string): string {
  const [, level = ""] = /^\{"level":(\d+)/.exec(line) ?? [];
  return `<${PRIORITIES[level] ?? 6}>`;
}

/** Whether systemd's `$JOURNAL_STREAM`, `device:inode`, is this process's standard error, and not only an ancestor's. */
function isJournal(stream: string | undefined): boolean {
  if (!stream) return false;
  const { dev, ino } = fstatSync(STDERR);
  return stream === `${dev}:${ino}`;
}

/** Objects within objects that a line shows at most. */
const DEEPEST = 6;

/**
 * A logger for a process; `level` is one of pino's (`debug`, `info`, `warn`,
 * `error`, `silent`). What is logged goes through {@link plain}, so that no line
 * can hold a key, whatever the field that it came in is called.
 */
export function createLogger(name: string, level: string, sink: LineSink = pino.destination(STDERR)): Logger {
  const fields = (value: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
  return pino(
    {
      name,
      level,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: fields },
    },
    sink,
  );
}

/**
 * A value as a log may show it, by its type: text, numbers and plain objects as
 * they are, amounts and times as decimal text, errors as their messages. A
 * secret is shown as redacted, a signing key as its public one, bytes by their
 * length, and nothing of an instance of any other class: an SDK's key is one.
 */
export function plain(value: unknown, depth = 0): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function") return "[function]";
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return describeError(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Secret || value instanceof SigningKey || value instanceof Date) return value.toJSON();
  if (depth === DEEPEST) return "[...]";
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return "[object]";
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field, depth + 1)]));
}

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

/** Objects within objects that a line shows at most. */
const DEEPEST = 6;

/**
 * A logger for a process; `level` is one of pino's (`debug`, `info`, `warn`,
 * `error`, `silent`). What is logged goes through {@link plain}, so that no line
 * can hold a key, whatever the field that it came in is called.
 */
export function createLogger(name: string, level: string, sink: LineSink = pino.destination(2)): Logger {
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

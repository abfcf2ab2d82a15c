import pino from "pino";

/** Structured logs, one JSON object a line on stderr: stdout belongs to a command's own output. */
export type Logger = pino.Logger;

/** A logger for a process; `level` is one of pino's (`debug`, `info`, `warn`, `error`, `silent`). */
export function createLogger(name: string, level: string): Logger {
  return pino({ name, level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}

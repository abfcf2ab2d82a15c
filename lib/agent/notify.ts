import { dlopen } from "bun:ffi";

/** Tells systemd how the process does (`sd_notify(3)`); silent where there is no systemd. */
export interface Notifier {
  /** Whether anybody listens. */
  readonly active: boolean;
  /** `READY=1`, `WATCHDOG=1`, `STATUS=...`, `STOPPING=1`, one a line. */
  notify(message: string): void;
}

const SILENT: Notifier = { active: false, notify: () => undefined };

/**
 * A notifier for this process. Datagrams on Unix sockets are something neither
 * Bun nor Node can send, so it is libsystemd that speaks.
 */
export function createNotifier(env: Readonly<Record<string, string | undefined>>): Notifier {
  if (!env.NOTIFY_SOCKET) return SILENT;
  const library = dlopen("libsystemd.so.0", { sd_notify: { args: ["i32", "cstring"], returns: "i32" } });
  return {
    active: true,
    notify: (message) => {
      library.symbols.sd_notify(0, Buffer.from(`${message}\0`));
    },
  };
}

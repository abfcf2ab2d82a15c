import { Hono } from "hono";
import { fromMillis } from "../hedera/timestamp.ts";
import { type FollowState, silenceSeconds } from "../mirror/follow.ts";
import type { Pass } from "./loop.ts";

/** What the health endpoint tells of. */
export interface Health {
  pass: Pass | null;
  follow: FollowState | null;
}

/** Without an answer from the mirror for so long, an agent is not ready. */
const SILENT_SECONDS = 60n;

/**
 * `/healthz` (the process turns) and `/readyz` (folded to the head, and the
 * mirror answered lately), on loopback only.
 */
export function serveHealth(port: number, health: Health): { readonly port: number; stop(): Promise<void> } {
  const app = new Hono();
  app.get("/healthz", (context) => context.json({ status: "ok" }));
  app.get("/readyz", (context) => {
    const silence = health.follow === null ? null : silenceSeconds(health.follow, fromMillis(Date.now()));
    const ready = health.pass?.caughtUp === true && silence !== null && silence < SILENT_SECONDS;
    const body = {
      status: ready ? "ok" : "not ready",
      sequence: health.pass?.state.head?.sequence ?? null,
      following: health.follow?.phase ?? "starting",
      silence_seconds: silence === null ? null : Number(silence),
    };
    return context.json(body, ready ? 200 : 503);
  });
  const server = Bun.serve({ hostname: "127.0.0.1", port, fetch: app.fetch });
  return { port: server.port ?? port, stop: () => server.stop(true) };
}

import { Hono } from "hono";
import { stateHash } from "../festival/checkpoint/checkpoint.ts";
import type { Clock } from "../mirror/clock.ts";
import type { Metrics } from "./metrics.ts";
import { checksOf, type Health, type Self } from "./readiness.ts";

/** What the health endpoints show. */
export interface HealthOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly self: Self;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** The endpoints while they are served. */
export interface HealthServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * On loopback only: `/healthz` (the process turns), `/readyz` (200 when every
 * check passes, else 503; each by name, status, time and age) and `/metrics`
 * (Prometheus' text form).
 */
export function serveHealth({ port, self, health, metrics, clock }: HealthOptions): HealthServer {
  const app = new Hono();
  app.get("/healthz", (context) => context.json({ ok: true, status: "ok", agent: self.agent }));
  app.get("/readyz", (context) => {
    const checks = checksOf(health, self, clock.now());
    const ok = checks.every(({ status }) => status !== "fail");
    const body = {
      ok,
      status: ok ? "ok" : "not ready",
      agent: self.agent,
      sequence: health.pass?.state.head?.sequence ?? null,
      state_sha256: health.pass == null ? null : stateHash(health.pass.state),
      checks,
    };
    return context.json(body, ok ? 200 : 503);
  });
  app.get("/metrics", async (context) =>
    context.text(await metrics.text(), 200, { "content-type": metrics.contentType }),
  );
  const server = Bun.serve({ hostname: "127.0.0.1", port, fetch: app.fetch });
  return { port: server.port ?? port, stop: () => server.stop(true) };
}

import { Hono } from "hono";
import * as z from "zod/mini";
import { describeError, FestError } from "../../hedera/error.ts";
import { formatTimestamp } from "../../hedera/timestamp.ts";
import type { ClockControl } from "../clock/devnet-clock.ts";
import { readFault } from "../fault/fault.ts";
import type { Faults } from "../fault/faults.ts";
import { serve } from "../serve.ts";
import { readShape } from "../shape.ts";
import type { SnapshotInfo } from "../snapshots.ts";

/** What the control endpoint controls. */
export interface Controlled {
  readonly clock: ClockControl;
  readonly faults: Faults;
  readonly snapshots: readonly SnapshotInfo[];
  snapshot(): string;
  revert(id: string): void;
}

/** A running control endpoint. */
export interface Control {
  readonly port: number;
  close(): Promise<void>;
}

const Nothing = z.strictObject({});
const Advance = z.strictObject({ seconds: z.number() });
const Accelerate = z.strictObject({ factor: z.number() });
/** The names by which an honest client reaches the loopback interface. */
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** Starts the control endpoint on 127.0.0.1 (port 0 takes a free one). @throws FestError `PORT_IN_USE` */
export function startControl(devnet: Controlled, port: number): Control {
  const app = controlApp(devnet);
  const server = serve({ port, fetch: (request) => app.fetch(request) });
  return { port: server.port ?? port, close: () => server.stop(true) };
}

/**
 * The control endpoint: JSON over HTTP. A web page cannot use it: it answers
 * without CORS headers, wants `Content-Type: application/json` for whatever
 * changes something, and only knows itself by a loopback name.
 */
export function controlApp(devnet: Controlled): Hono {
  const { clock, faults } = devnet;
  const app = new Hono();
  app.use(async (c, next) => {
    if (!LOOPBACK.test(c.req.header("Host") ?? "")) return c.json({ error: "HOST_INVALID" }, 403);
    const isJson = c.req.header("Content-Type")?.startsWith("application/json") === true;
    if (c.req.method !== "GET" && !isJson) return c.json({ error: "CONTENT_TYPE_INVALID" }, 415);
    return next();
  });
  const clockView = () => ({ now: formatTimestamp(clock.now()), speed: clock.speed });
  app.get("/", (c) => c.json({ clock: clockView(), faults: faults.active, snapshots: devnet.snapshots }));

  app.get("/clock", (c) => c.json(clockView()));
  app.post("/clock/freeze", async (c) => {
    await readBody(c.req.raw, Nothing);
    clock.freeze();
    return c.json(clockView());
  });
  app.post("/clock/resume", async (c) => {
    await readBody(c.req.raw, Nothing);
    clock.resume();
    return c.json(clockView());
  });
  app.post("/clock/accelerate", async (c) => {
    clock.accelerate((await readBody(c.req.raw, Accelerate)).factor);
    return c.json(clockView());
  });
  app.post("/clock/advance", async (c) => {
    await clock.advance((await readBody(c.req.raw, Advance)).seconds);
    return c.json(clockView());
  });

  app.get("/snapshots", (c) => c.json({ snapshots: devnet.snapshots }));
  app.post("/snapshots", async (c) => {
    await readBody(c.req.raw, Nothing);
    return c.json({ id: devnet.snapshot() }, 201);
  });
  app.post("/snapshots/:id/revert", async (c) => {
    await readBody(c.req.raw, Nothing);
    devnet.revert(c.req.param("id"));
    return c.json({ clock: clockView() });
  });

  app.get("/faults", (c) => c.json({ faults: faults.active }));
  app.post("/faults", async (c) => {
    const fault = readFault(await readJson(c.req.raw));
    return c.json({ id: faults.inject(fault), fault }, 201);
  });
  app.delete("/faults", (c) => {
    faults.clear();
    return c.body(null, 204);
  });
  app.delete("/faults/:id", (c) => {
    faults.clear(c.req.param("id"));
    return c.body(null, 204);
  });
  app.post("/streams/cut", async (c) => {
    await readBody(c.req.raw, Nothing);
    faults.cutStreams();
    return c.body(null, 204);
  });

  app.notFound((c) => c.json({ error: "NOT_FOUND" }, 404));
  app.onError((error, c) => {
    if (!(error instanceof FestError))
      return c.json({ error: "INTERNAL", message: describeError(error) }, 500);
    return c.json({ error: error.code, message: error.message }, error.code.endsWith("_UNKNOWN") ? 404 : 400);
  });
  return app;
}

async function readJson(request: Request): Promise<unknown> {
  const text = await request.text();
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new FestError("BODY_INVALID", "the body is not JSON", { cause });
  }
}

async function readBody<Body>(request: Request, schema: z.ZodMiniType<Body>): Promise<Body> {
  const message = "the body cannot be used";
  return readShape(schema, await readJson(request), { code: "BODY_INVALID", message });
}

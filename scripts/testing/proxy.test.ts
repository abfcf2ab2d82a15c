import { afterEach, beforeEach, expect, test } from "bun:test";
import { openProxy, type TcpProxy } from "./proxy.ts";

let server: Bun.Server<undefined>;
let proxy: TcpProxy;
const ask = (milliseconds = 2_000) =>
  fetch(`http://127.0.0.1:${proxy.port}/`, { signal: AbortSignal.timeout(milliseconds), keepalive: false })
    .then((answer) => answer.text())
    .catch((error: Error) => error.name);

beforeEach(async () => {
  server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("there") });
  proxy = await openProxy(server.port ?? 0);
});
afterEach(async () => {
  await proxy.stop();
  await server.stop(true);
});

test("passes everything on", async () => {
  expect(await ask()).toBe("there");
});

test("refuses, and passes on again", async () => {
  proxy.set("refuse");
  expect(await ask()).not.toBe("there");
  proxy.set("pass");
  expect(await ask()).toBe("there");
});

test("a connection that stalls is answered as soon as it goes on", async () => {
  proxy.set("stall");
  expect(await ask(100)).toBe("TimeoutError");
  const answer = ask(60_000);
  proxy.set("pass");
  expect(await answer).toBe("there");
});

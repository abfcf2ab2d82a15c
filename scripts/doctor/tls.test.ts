import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { startTlsServer, type TlsServer } from "./testing/tls-server.ts";
import { Ward } from "./testing/ward.ts";

setDefaultTimeout(120_000);

let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
});
afterAll(() => ward?.close());

describe("doctor looks at certificates:", () => {
  let server: TlsServer | null = null;
  afterAll(() => server?.stop());
  const seeTls = async (days: number, trusted: boolean) => {
    server?.stop();
    server = await startTlsServer(days);
    const patient = ward.admit();
    for (const role of ["coordinator", "inference"] as const)
      patient.set(role, "HEDERA_RELAY_URL", server.url);
    const { findings } = await ward.see(patient.folder, trusted ? { ca: server.certificate } : {});
    return findings.filter(({ name }) => name.startsWith("tls"));
  };

  test("one that is good", async () => {
    expect(await seeTls(90, true)).toMatchObject([{ name: "tls", severity: "ok" }]);
  });
  test("one that nobody vouches for", async () => {
    expect(await seeTls(90, false)).toMatchObject([{ name: "tls-chain", severity: "error" }]);
  });
  test("one that ends soon", async () => {
    expect(await seeTls(5, true)).toMatchObject([{ name: "tls-expiry", severity: "warning" }]);
  });
  test("one that has ended", async () => {
    expect(await seeTls(-3, true)).toMatchObject([{ name: "tls-expired", severity: "error" }]);
  });
});

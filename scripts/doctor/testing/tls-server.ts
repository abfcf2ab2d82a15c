/** A JSON-RPC server over TLS with a certificate of its own making. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A server that is listening. */
export interface TlsServer {
  readonly url: string;
  /** Its certificate, in PEM: who trusts it, trusts the server. */
  readonly certificate: string;
  stop(): void;
}

/** Starts one on 127.0.0.1 whose certificate ends so many days from now. */
export async function startTlsServer(daysLeft: number): Promise<TlsServer> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const certificate = selfSigned(privateKey, publicKey, daysLeft);
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { cert: certificate, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() },
    fetch: () => Response.json({ jsonrpc: "2.0", id: 1, result: "0x12a" }),
  });
  return {
    url: `https://127.0.0.1:${server.port}/`,
    certificate,
    stop: () => void server.stop(true),
  };
}

const DAY_MS = 86_400_000;
const SEQUENCE = 0x30;

/** An X.509 certificate (RFC 5280) for 127.0.0.1, in PEM. */
function selfSigned(privateKey: KeyObject, publicKey: KeyObject, daysLeft: number): string {
  const ecdsaWithSha256 = der(SEQUENCE, hex("06082a8648ce3d040302"));
  const name = der(SEQUENCE, der(0x31, der(SEQUENCE, hex("0603550403"), der(0x0c, Buffer.from("doctor's")))));
  const end = Date.now() + daysLeft * DAY_MS + DAY_MS / 2;
  const validity = der(SEQUENCE, time(end - 400 * DAY_MS), time(end));
  const address = der(SEQUENCE, hex("0603551d11"), der(0x04, der(SEQUENCE, der(0x87, hex("7f000001")))));
  const authority = der(SEQUENCE, hex("0603551d13"), der(0x04, der(SEQUENCE, hex("0101ff"))));
  const signed = der(
    SEQUENCE,
    der(0xa0, hex("020102")),
    hex("020107"),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(SEQUENCE, address, authority)),
  );
  const signature = sign("sha256", signed, privateKey);
  const whole = der(SEQUENCE, signed, ecdsaWithSha256, der(0x03, hex("00"), signature));
  const lines = whole.toString("base64").replaceAll(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function time(milliseconds: number): Buffer {
  const text = new Date(milliseconds).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return der(0x18, Buffer.from(text));
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}

/** Certificates of everything that is reached over TLS. */
import { connect, type PeerCertificate } from "node:tls";
import type { Network } from "../../lib/hedera/network.ts";
import { error, type Finding, ok, warning } from "./finding.ts";

const PATIENCE_MS = 5_000;
const DAY_MS = 86_400_000;
/** Certificates are renewed weeks before; one with fewer days left was forgotten. */
const WARN_DAYS = 14;

/** Looks at the chain and the last day of every certificate. */
export async function certificates(network: Network, ca?: string): Promise<readonly Finding[]> {
  const places = new Map<string, URL>();
  for (const text of [network.mirror, network.relay, network.relayWs]) {
    const url = text === null ? null : new URL(text);
    if (url?.protocol === "https:" || url?.protocol === "wss:") places.set(url.host, url);
  }
  if (places.size === 0) return [ok("tls", "nothing is reached over TLS")];
  return Promise.all([...places.values()].map((url) => certificate(url, ca)));
}

async function certificate(url: URL, ca: string | undefined): Promise<Finding> {
  const { hostname, port: named } = url;
  const port = Number(named || 443);
  const fix = `openssl s_client -connect ${hostname}:${port} -servername ${hostname} </dev/null | openssl x509 -noout -issuer -dates`;
  const seen = await look(hostname, port, ca);
  if (seen === null) return warning("tls", `${hostname}:${port} shows no certificate`, fix);
  const { problem, peer } = seen;
  const days = Math.floor((Date.parse(peer.valid_to) - Date.now()) / DAY_MS);
  if (days < 0) return error("tls-expired", `the certificate of ${hostname} expired ${-days} days ago`, fix);
  if (problem !== null)
    return error("tls-chain", `the certificate of ${hostname} is not to be trusted: ${problem}`, fix);
  const left = `the certificate of ${hostname} is good for ${days} more days`;
  return days < WARN_DAYS ? warning("tls-expiry", left, fix) : ok("tls", left);
}

async function look(
  host: string,
  port: number,
  ca: string | undefined,
): Promise<{ problem: string | null; peer: PeerCertificate } | null> {
  const { promise, resolve } = Promise.withResolvers<{
    problem: string | null;
    peer: PeerCertificate;
  } | null>();
  const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const socket = connect({ host, port, ...name, ...(ca ? { ca } : {}), rejectUnauthorized: false }, () => {
    const peer = socket.getPeerCertificate();
    const { authorizationError } = socket;
    const problem = socket.authorized ? null : String(authorizationError ?? "its chain ends nowhere");
    resolve(peer.valid_to ? { problem, peer } : null);
  });
  socket.setTimeout(PATIENCE_MS, () => resolve(null));
  socket.on("error", () => resolve(null));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

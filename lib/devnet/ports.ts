import { FestError } from "../hedera/error.ts";
import { DEVNET_PORTS, type DevnetPorts } from "../hedera/network.ts";

const LAST_PORT = 65_535;

/**
 * The ports of a devnet: the ones that every Hedera SDK expects, or five in a
 * row from `base` on, or any free ones where `base` is 0.
 *
 * @throws FestError `PORT_BASE_INVALID`
 */
export function devnetPorts(base?: number): DevnetPorts {
  if (base === undefined) return DEVNET_PORTS;
  if (!Number.isInteger(base) || base < 0 || base + 4 > LAST_PORT) {
    throw new FestError("PORT_BASE_INVALID", `${base} is not a port to start from`, {
      fix: `Choose one up to ${LAST_PORT - 4}, or 0 for free ports.`,
    });
  }
  const nth = (n: number) => (base === 0 ? 0 : base + n);
  return { node: nth(0), mirrorGrpc: nth(1), mirror: nth(2), relay: nth(3), relayWs: nth(4) };
}

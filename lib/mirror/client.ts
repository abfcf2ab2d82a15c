import { type AccountReads, accountReads } from "./account.ts";
import { createHttp, type HttpOptions } from "./http.ts";
import { type NetworkReads, networkReads } from "./network.ts";
import { type ProofMirror, proofReads } from "./proof-client.ts";

/**
 * A mirror node's REST API, typed. Every answer is parsed once; ids, times and
 * amounts are those of lib/hedera, exact to the unit.
 *
 * `null` means that the mirror node says that there is no such thing. Everything
 * else that is not an answer is thrown: {@link MirrorUnavailable} after bounded
 * retries, {@link MirrorRejected} and {@link MirrorMalformed} at once.
 */
export interface Mirror extends ProofMirror, AccountReads, NetworkReads {}

/**
 * A client of the mirror node at `baseUrl`.
 *
 * @throws MirrorError `MIRROR_URL_INVALID`
 * @example
 * const mirror = createMirror({ baseUrl: network.mirror });
 * const balance = await mirror.balance("0.0.1001");
 */
export function createMirror(options: HttpOptions): Mirror {
  const http = createHttp(options);
  return { ...proofReads(http), ...accountReads(http), ...networkReads(http) };
}

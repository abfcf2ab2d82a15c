/** Where the page shows a festival. */
import type { TopicId } from "../../lib/hedera/id.ts";
import type { Network } from "../../lib/hedera/network.ts";

/** Where the page is served unless said otherwise. */
export const LOCAL_PAGE = "http://127.0.0.1:5173/";

/** The page's address with a festival in it, which is all that the page needs to know. */
export function dashboardLink(
  page: string,
  network: Pick<Network, "name" | "mirror" | "relayWs">,
  { log, vitals }: { readonly log: TopicId; readonly vitals: TopicId },
): string {
  const parameters = new URLSearchParams({
    network: network.name,
    mirror: network.mirror,
    ...(network.relayWs === null ? {} : { relay: network.relayWs }),
    log,
    vitals,
  });
  return `${page}#${parameters}`;
}

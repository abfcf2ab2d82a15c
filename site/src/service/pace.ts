import type { Pace } from "../../../lib/mirror/follow.ts";
import type { Deployment } from "../deployment/deployment.ts";

/** Often near by, seldom far away, and hardly ever while nobody looks. */
export function paceFor({ endpoints }: Deployment): Pace {
  const near = ["127.0.0.1", "localhost"].includes(new URL(endpoints.mirror).hostname);
  return {
    get minMs() {
      return document.hidden ? 10_000 : near ? 20 : 250;
    },
    get pollMs() {
      return document.hidden ? 15_000 : near ? 1_000 : 2_000;
    },
    get idleMs() {
      return document.hidden ? 60_000 : near ? 3_000 : 15_000;
    },
    backoff: { firstMs: 500, maxMs: near ? 3_000 : 15_000 },
  };
}

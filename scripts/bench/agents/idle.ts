/** What agents cost that have nothing to do. */
import { endowmentFor } from "../../../lib/agent/setup/endowment.ts";
import { priceAt } from "../../../lib/agent/work/rates.ts";
import { fromMillis, type Timestamp } from "../../../lib/hedera/timestamp.ts";
import { hbarValue } from "../../../lib/market/price.ts";
import { itemsFrom } from "../../../lib/mirror/page.ts";
import { copyPlan } from "../../support/plan-copy.ts";
import { type Measured, startMeasured } from "./festival.ts";
import { PLAN, round } from "./one-edition.ts";

const HEARTBEAT_SECONDS = 2;
const LOST_SECONDS = 20;
/** Long enough for some renewals of each switch. */
const IDLE_MS = 50_000;
const DAY_SECONDS = 86_400;
/** Heartbeats that may be missed before an agent counts as silent (lib/festival/vitals.ts). */
const MISSED = 3;
/** A switch is renewed after this part of its time (lib/agent/dead-man.ts). */
const RENEWED_AFTER = 0.75;

/** Figures of an idle day of all four agents, at the intervals of a public network. */
export interface IdleFigures {
  readonly usd_per_idle_day: number;
  readonly usd_per_heartbeat: number;
  /** Making a dead man's switch anew and deleting the old one. */
  readonly usd_per_renewal: number;
  readonly heartbeat_seconds: number;
  readonly lost_seconds: number;
  /** After how many seconds of silence an agent counts as silent. */
  readonly silence_seconds: number;
}

/**
 * Lets four agents idle, with heartbeats and renewals more often than usual, and
 * takes what devnet charged for each as often as a public network has them.
 */
export async function measureIdle(say: (line: string) => void): Promise<IdleFigures> {
  const prepare = (folder: string) => copyPlan(PLAN, folder, { everySeconds: DAY_SECONDS });
  const endowment = { heartbeatSeconds: HEARTBEAT_SECONDS, lostSeconds: LOST_SECONDS };
  const festival = await startMeasured(prepare, { endowment });
  try {
    await festival.committed(1);
    const after = fromMillis(Date.now());
    say("four agents have nothing to do");
    await Bun.sleep(IDLE_MS);
    return await priceOfADay(festival, after);
  } finally {
    await festival.stop();
  }
}

async function priceOfADay({ host, mirror }: Measured, after: Timestamp): Promise<IdleFigures> {
  const charged = new Map<string, { fees: bigint; times: number }>();
  for (const { account } of host.crew.members) {
    const first = await mirror.transactions({ account, after, limit: 100, order: "asc" });
    for await (const { id, chargedFee, type } of itemsFrom(first)) {
      if (id.payer !== account) continue;
      const { fees, times } = charged.get(type) ?? { fees: 0n, times: 0 };
      charged.set(type, { fees: fees + chargedFee, times: times + 1 });
    }
  }
  const price = await priceAt(mirror, after);
  const each = (type: string) => {
    const { fees, times } = charged.get(type) ?? { fees: 0n, times: 0 };
    return times === 0 ? 0 : Number(hbarValue(fees, price)) / 1_000_000 / times;
  };
  const known = ["CONSENSUSSUBMITMESSAGE", "SCHEDULECREATE", "SCHEDULEDELETE"];
  const others = [...charged.keys()].filter((type) => !known.includes(type));
  if (others.length > 0) throw new Error(`idle agents sent ${others.join(", ")}, too`);
  const beat = each("CONSENSUSSUBMITMESSAGE");
  const renewal = each("SCHEDULECREATE") + each("SCHEDULEDELETE");
  const { heartbeatSeconds, lostSeconds } = endowmentFor("mainnet");
  const agents = host.crew.members.length;
  const day =
    beat * (DAY_SECONDS / heartbeatSeconds) + renewal * (DAY_SECONDS / (lostSeconds * RENEWED_AFTER));
  return {
    usd_per_idle_day: round(agents * day, 4),
    usd_per_heartbeat: round(beat, 7),
    usd_per_renewal: round(renewal, 6),
    heartbeat_seconds: heartbeatSeconds,
    lost_seconds: lostSeconds,
    silence_seconds: MISSED * heartbeatSeconds,
  };
}

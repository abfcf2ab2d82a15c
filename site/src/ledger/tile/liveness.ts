import { agentsOf } from "../../../../lib/festival/roles.ts";
import type { State } from "../../../../lib/festival/state.ts";
import type { Timestamp } from "../../../../lib/hedera/timestamp.ts";
import { plural } from "../../text/count.ts";
import { formatSeconds } from "../../text/time.ts";
import { LATE_AFTER, pulseOf, SILENT_AFTER } from "../pulse.ts";
import type { VitalsView } from "../vitals.ts";
import type { Tile } from "./tile.ts";

const DEAD: readonly string[] = ["silent", "lost", "stopped", "error", "not seen"];

/** Does everybody live? By heartbeats alone. */
export function livenessTile(state: State, vitals: VitalsView, now: Timestamp): Tile {
  const interval = state.manifest?.heartbeat_seconds ?? 1;
  const agents = agentsOf(state).map(({ id }) => ({
    id,
    pulse: pulseOf(vitals.agents.get(id), interval, now),
  }));
  const dead = agents.filter(({ pulse }) => DEAD.includes(pulse));
  const late = agents.filter(({ pulse }) => pulse === "late");
  const first = dead[0] ?? late[0];
  const base = {
    alarm: null,
    facts: [`${agents.length - dead.length} of ${plural(agents.length, "agent")} alive`],
    threshold: `late after ${formatSeconds(BigInt(interval) * LATE_AFTER)}, silent after ${formatSeconds(BigInt(interval) * SILENT_AFTER)}`,
    at: vitals.newest,
    action: {
      text: first === undefined ? "What agents said" : `What ${first.id} said`,
      filter: { type: "", text: first?.id ?? "" },
    },
  };
  if (agents.length === 0) return { ...base, tone: "idle", said: "no agents", facts: ["the log names none"] };
  if (first === undefined) return { ...base, tone: "ok", said: "all alive" };
  const others = dead.length + late.length - 1;
  const said = `${first.id} ${first.pulse}${others === 0 ? "" : `, ${others} more`}`;
  const alarm = first.pulse === "error" ? "agent_error" : "agent_silent";
  return { ...base, alarm, tone: dead.length > 0 ? "bad" : "wait", said };
}

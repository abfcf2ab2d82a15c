import { type ColdStartFigures, measureColdStart } from "./agents/cold-start.ts";
import { type IdleFigures, measureIdle } from "./agents/idle.ts";
import { type MemoryFigures, measureMemory } from "./agents/memory.ts";
import { type EditionFigures, measureEdition } from "./agents/one-edition.ts";
import { measureThroughput, type ThroughputFigures } from "./agents/throughput.ts";

/** How fast the agents are, what they cost, and whether they grow. */
export type AgentFigures = EditionFigures &
  ThroughputFigures &
  IdleFigures &
  ColdStartFigures &
  MemoryFigures;

/** Measures them one after another, each on a devnet of its own; about twenty minutes. @throws FestError */
export async function benchAgents(say: (line: string) => void): Promise<AgentFigures> {
  return {
    ...(await measureEdition(say)),
    ...(await measureThroughput(say)),
    ...(await measureIdle(say)),
    ...(await measureColdStart(say)),
    ...(await measureMemory(say)),
  };
}

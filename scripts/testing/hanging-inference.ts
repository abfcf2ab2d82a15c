/** An inference agent for tests that begins every `gather` and never ends it. */
import { working } from "../../lib/agent/duty/working.ts";
import { runAgent } from "../../lib/agent/run.ts";
import { WORK } from "../../lib/agent/work/kinds.ts";

await runAgent(() => working(new Map([...WORK, ["gather", () => new Promise<never>(() => undefined)]])));

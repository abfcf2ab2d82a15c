/** Writes docs/plan.schema.json from the schema that the reader uses. */
import { planSchema } from "../lib/festival/plan/plan-file.ts";

await Bun.write(`${import.meta.dir}/../docs/plan.schema.json`, `${JSON.stringify(planSchema(), null, 2)}\n`);

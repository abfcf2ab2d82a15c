/** The owner ends a pause. */
import { govern } from "./support/govern.ts";

await govern("resume", "Ends a pause: work goes on, with every lease anew.");

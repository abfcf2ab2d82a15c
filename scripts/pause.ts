/** The owner pauses a festival. */
import { govern } from "./support/govern.ts";

await govern("pause", "No new assignments and trades, until resume; settlements go on.");

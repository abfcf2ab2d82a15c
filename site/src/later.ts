/** Everything that the first view can do without; the page loads it right after. */
import "./element/fest-agents.ts";
import "./element/fest-beats.ts";
import "./element/fest-connection.ts";
import "./element/fest-entry.ts";
import "./element/fest-fan.ts";
import "./element/fest-graph.ts";
import "./element/fest-inference.ts";
import "./element/fest-keys.ts";
import "./element/fest-log.ts";
import "./element/fest-notice.ts";
import "./element/fest-payments.ts";
import "./element/fest-prices.ts";
import "./element/fest-proof.ts";
import "./element/fest-start.ts";
import "./element/fest-task.ts";
import "./element/fest-time.ts";
import "./element/fest-trades.ts";
import "./element/fest-why.ts";

/** What a session needs only once the first picture is there, or for a long log. */
export { createMirror } from "../../lib/mirror/client.ts";
export { beginningOf } from "./service/beginning.ts";
export { startLookups } from "./service/lookups.ts";
export { startPushes } from "./service/pushes.ts";

/** What fills the page with what a log says. The built page names this script, so that it comes along with the first one. */
import "./element/fest-agents.ts";
import "./element/fest-beats.ts";
import "./element/fest-fan.ts";
import "./element/fest-festival.ts";
import "./element/fest-graph.ts";
import "./element/fest-inference.ts";
import "./element/fest-keys.ts";
import "./element/fest-log.ts";
import "./element/fest-payments.ts";
import "./element/fest-prices.ts";
import "./element/fest-task.ts";
import "./element/fest-time.ts";
import "./element/fest-trades.ts";

export { beginningOf } from "./service/beginning.ts";

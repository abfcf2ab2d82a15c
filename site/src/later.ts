/** Elements that the first view can do without; the page loads them right after it. */
import "./element/fest-entry.ts";
import "./element/fest-payments.ts";
import "./element/fest-start.ts";
import "./element/fest-trades.ts";

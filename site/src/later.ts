/** Everything that the first picture can do without: it is loaded once that is on the screen. */
// These are there by then, and what they are made of is not put into a third script.
import "./panels.ts";
import "./element/fest-connection.ts";
import "./element/fest-entry.ts";
import "./element/fest-notice.ts";
import "./element/fest-proof.ts";
import "./element/fest-start.ts";
import "./element/fest-why.ts";

export { startBackground } from "./service/background.ts";
export { evidenceOf } from "./service/evidence.ts";

/** What opens a file, which hardly anybody does. */
export const fileOpener = () => import("./service/file.ts");

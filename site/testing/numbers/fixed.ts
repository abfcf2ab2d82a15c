/**
 * Figures that are on the page whatever the ledger says, each with the reason
 * for which it is there. Everything else must be recomputed.
 */
import { type Place, texts } from "./place.ts";

/** The figures of the page itself. */
export const FIXED: readonly Place[] = [
  // How fast the past is played.
  texts("fest-time", "option", "1x", "10x", "60x"),
];

/** The address that the reader was told to read from, in the page's last line. */
export function footer(mirror: string): Place {
  return texts("fest-app", "footer .mono", mirror);
}

/** The page that asks for a festival: an example of a topic's id. */
export const START: readonly Place[] = [texts("fest-start", "small:has(+ [name=log])", "such as 0.0.1010")];

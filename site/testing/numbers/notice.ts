import { headOf, type Moment } from "./moment.ts";
import { type Place, texts } from "./place.ts";
import { agoText } from "./wording.ts";

/** What is said while the mirror node answers 503 to a request: how old the newest of what is shown is. */
export function noticePlaces(moment: Moment, request: string): readonly Place[] {
  const age = agoText(headOf(moment).at, moment.clock);
  return [
    texts("fest-notice", "strong", `Delayed. What is shown ends with an entry ${age}.`),
    texts("fest-notice", ".muted", `${request} answered 503`),
  ];
}

/** All places of the page, at rest, at a moment. */
import { agentsPlaces } from "./agents.ts";
import { festivalPlaces } from "./festival.ts";
import { FIXED, footer } from "./fixed.ts";
import { headerPlaces, timePlaces } from "./header.ts";
import { inferencePlaces } from "./inference.ts";
import { type Listing, logPlaces } from "./log.ts";
import type { Moment } from "./moment.ts";
import { paymentsPlaces } from "./payments.ts";
import type { Place } from "./place.ts";
import { taskPlaces } from "./tasks.ts";
import { tilesPlaces } from "./tiles.ts";
import { tradingPlaces } from "./trading.ts";

/** What stands where, while no task and no dialog is open. */
export function pagePlaces(moment: Moment, mirror: string, listing: Listing): readonly Place[] {
  return [
    ...headerPlaces(moment),
    ...timePlaces(moment),
    ...tilesPlaces(moment),
    ...festivalPlaces(moment),
    ...taskPlaces(moment),
    ...logPlaces(moment, listing),
    ...agentsPlaces(moment),
    ...paymentsPlaces(moment),
    ...tradingPlaces(moment),
    ...inferencePlaces(moment),
    ...FIXED,
    footer(mirror),
  ];
}

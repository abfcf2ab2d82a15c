/** A backtest as a picture: prices above, what the fund was worth below. */
import { formatUnits } from "../../lib/hedera/amount.ts";
import { secondsOf } from "../../lib/hedera/timestamp.ts";
import type { SimulatedHour, Simulation } from "../../lib/market/simulation.ts";

const WIDTH = 900;
const HEIGHT = 260;
const LEFT = 64;
const TOP = 28;
/** Points of a line at most: more than pixels show nothing more. */
const MOST_POINTS = 800;

interface Line {
  readonly label: string;
  readonly colour: string;
  readonly value: (hour: SimulatedHour) => bigint;
}

/** An SVG that is readable on a light and on a dark page. */
export function plotSvg({ hours }: Simulation): string {
  const shown = thinned(hours);
  const panels = [
    panel(shown, 0, "USD a HBAR", [
      { label: "desk's price", colour: "#e07a1f", value: ({ desk }) => desk },
      { label: "network's rate", colour: "#3b7dd8", value: ({ reference }) => reference },
    ]),
    panel(shown, HEIGHT, "fund in USD", [
      { label: "untouched", colour: "#888888", value: ({ untouched }) => untouched },
      { label: "traded", colour: "#2a9d5c", value: ({ fund }) => fund },
    ]),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${2 * HEIGHT}" font-family="sans-serif" font-size="12">`,
    "<title>Backtest: prices, and what the fund was worth</title>",
    ...panels,
    "</svg>",
    "",
  ].join("\n");
}

function panel(
  hours: readonly SimulatedHour[],
  offset: number,
  title: string,
  lines: readonly Line[],
): string {
  const values = hours.flatMap((hour) => lines.map(({ value }) => Number(value(hour))));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const bottom = offset + HEIGHT - 32;
  const y = (value: number) => bottom - ((value - low) / (high - low || 1)) * (bottom - offset - TOP);
  const x = (index: number) => LEFT + (index / Math.max(1, hours.length - 1)) * (WIDTH - LEFT - 12);
  const path = ({ value }: Line) =>
    hours.map((hour, index) => `${x(index).toFixed(1)},${y(Number(value(hour))).toFixed(1)}`).join(" ");
  const text = (at: readonly [number, number], colour: string, words: string, anchor = "start") =>
    `<text x="${at[0]}" y="${at[1]}" fill="${colour}" text-anchor="${anchor}">${words}</text>`;
  const micro = (value: number) => formatUnits(BigInt(Math.round(value / 100)), 4);
  return [
    text([LEFT, offset + 16], "#888888", title),
    ...lines.map(({ label, colour }, index) => text([LEFT + 140 + index * 140, offset + 16], colour, label)),
    text([LEFT - 6, y(high) + 4], "#888888", micro(high), "end"),
    text([LEFT - 6, y(low) + 4], "#888888", micro(low), "end"),
    ...lines.map(
      (line) => `<polyline fill="none" stroke="${line.colour}" stroke-width="1" points="${path(line)}"/>`,
    ),
    text([LEFT, offset + HEIGHT - 12], "#888888", dayOf(hours.at(0))),
    text([WIDTH - 12, offset + HEIGHT - 12], "#888888", dayOf(hours.at(-1)), "end"),
  ].join("\n");
}

function thinned(hours: readonly SimulatedHour[]): readonly SimulatedHour[] {
  const step = Math.max(1, Math.ceil(hours.length / MOST_POINTS));
  return hours.filter((_, index) => index % step === 0 || index === hours.length - 1);
}

function dayOf(hour: SimulatedHour | undefined): string {
  return hour === undefined ? "" : new Date(Number(secondsOf(hour.at)) * 1_000).toISOString().slice(0, 10);
}

import { TINYBARS_PER_HBAR } from "../../hedera/amount.ts";
import type { Message } from "../../mirror/message.ts";
import { decode } from "../entry/decode.ts";
import type { Body, Entry } from "../entry/entry.ts";
import { agentOf } from "../roles.ts";
import type { State } from "../state.ts";
import type { Sight } from "./sight.ts";

/** A report of profit and loss. */
export type Report = Entry<"pnl_report">;

/** Reads a message of the vitals topic: a report if the DeFi agent that it names paid for it itself, else null. */
export function reportOf(state: State, message: Message): Report | null {
  const decoded = decode(message);
  if (decoded.kind !== "entry" || decoded.entry.name !== "pnl_report") return null;
  const { entry } = decoded;
  const agent = agentOf(state, entry.body.payload.agent_id);
  return agent?.role === "defi" && agent.account === message.payer ? entry : null;
}

/**
 * How far the fund is below its highest value, by what its reports say of its
 * balances and the network's prices; null without a report.
 *
 * @param reports newest first
 */
export function drawdownOf(reports: readonly Report[]): Sight["drawdown"] {
  const [newest] = reports;
  if (newest === undefined) return null;
  const now = worthOf(newest.body.payload.closing);
  const seen = reports.flatMap(({ body: { payload } }) => [
    worthOf(payload.opening),
    worthOf(payload.closing),
  ]);
  const [peak = 0n] = seen.toSorted((a, b) => (a > b ? -1 : 1));
  const bps = peak === 0n ? 0 : Number(((peak - now) * 10_000n) / peak);
  return { bps, sequence: newest.stamp.sequence };
}

/** In micro-USD: the stablecoin's unit is one. */
function worthOf({ hbar, tokens, price }: Body<"pnl_report">["payload"]["closing"]): bigint {
  return (hbar * price) / TINYBARS_PER_HBAR + tokens;
}

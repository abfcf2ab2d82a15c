/** What is said on the way of a trade: request, quote, risk check, outcome. */
import * as z from "zod/mini";
import {
  agentId,
  amount,
  obligationId,
  scheduleId,
  taskId,
  text,
  timestamp,
  transactionId,
} from "./field.ts";
import { criterion } from "./work.ts";

const head = { v: z.literal(1), re: obligationId, task_id: taskId };
/** Which way the fund trades HBAR. */
export const side = z.enum(["buy", "sell"]);

/** `quote_requested`: the fund would trade this much HBAR; at what price? */
export const quoteRequested = z.object({
  ...head,
  type: z.literal("quote_requested"),
  to: agentId,
  payload: z.object({ side, /** tinybars */ hbar: amount }),
});

/** `quote`: the desk's firm price until it expires, or why there is none. */
export const quote = z.object({
  ...head,
  type: z.literal("quote"),
  payload: z.union([
    z.object({
      side,
      /** tinybars */ hbar: amount,
      /** smallest units of the market's token */ tokens: amount,
      expires: timestamp,
    }),
    z.object({ declined: text }),
  ]),
});

/** `risk_check_requested`: the trade is scheduled and waits for its other signatures. */
export const riskCheckRequested = z.object({
  ...head,
  type: z.literal("risk_check_requested"),
  payload: z.object({ schedule_id: scheduleId }),
});

const verdict = z.object({ schedule_id: scheduleId, checks: z.array(criterion) });

/** `risk_check_approved`: the stored schedule is the quote and within every limit; the coordinator signs next. */
export const riskCheckApproved = z.object({
  ...head,
  type: z.literal("risk_check_approved"),
  payload: verdict,
});

/** `risk_check_denied`: the coordinator will not sign, and says why. */
export const riskCheckDenied = z.object({
  ...head,
  type: z.literal("risk_check_denied"),
  payload: verdict,
});

/** `trade_settled`: the scheduled transfer executed. */
export const tradeSettled = z.object({
  ...head,
  type: z.literal("trade_settled"),
  payload: z.object({
    schedule_id: scheduleId,
    /** The scheduled transaction's id. */
    transaction: transactionId,
    executed: timestamp,
    side,
    hbar: amount,
    tokens: amount,
  }),
});

/** `trade_failed`: nothing moved, and why. */
export const tradeFailed = z.object({
  ...head,
  type: z.literal("trade_failed"),
  payload: z.object({ reason: text }),
});

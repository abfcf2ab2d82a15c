/** Sends notices to a webhook. */
import type { Notice } from "../../lib/festival/alarm/notice.ts";
import { FestError } from "../../lib/hedera/error.ts";
import type { Secret } from "../../lib/hedera/secret.ts";
import { deliveryOf, type Format, type Origin } from "./body.ts";

/** Where notices go. */
export interface Webhook {
  /** A secret: whoever knows it can post there. */
  readonly url: Secret;
  readonly format: Format;
}

const PATIENCE_MS = 15_000;

/**
 * Sends one notice.
 *
 * @throws FestError `WEBHOOK_FAILED`, which does not quote the address
 */
export async function send({ url, format }: Webhook, notice: Notice, origin: Origin): Promise<void> {
  const { headers, body } = deliveryOf(format, notice, origin);
  let status: string;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    // A redirect would take the notice to somewhere that nobody has named.
    const response = await fetch(url.reveal(), { method: "POST", headers, body, signal, redirect: "manual" });
    await response.body?.cancel();
    if (response.ok) return;
    status = `it answered ${response.status}`;
  } catch (error) {
    status = error instanceof DOMException ? "it did not answer in time" : "it could not be reached";
  }
  throw new FestError("WEBHOOK_FAILED", `the webhook did not take a notice: ${status}`, {
    fix: "Check its address; the notice is sent again at the next look.",
  });
}

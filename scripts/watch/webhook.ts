/** Sends notices to a webhook. */
import type { Notice } from "../../lib/festival/alarm/notice.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { Secret } from "../../lib/hedera/secret.ts";
import { deliveryOf, FORMATS, type Format, type Origin } from "./body.ts";

/** Where notices go. */
export interface Webhook {
  /** A secret: whoever knows it can post there. */
  readonly url: Secret;
  readonly format: Format;
}

const PATIENCE_MS = 15_000;

/**
 * The webhook at an address, in a form by its name, json without one; null where there is no address.
 *
 * @throws FestError `WEBHOOK_INVALID`, which does not quote the address; `FORMAT_UNKNOWN`
 */
export function webhookOf(url: string | undefined, format: string | undefined): Webhook | null {
  if (!url) return null;
  // Not quoted: whoever knows it can post there.
  if (!URL.canParse(url)) {
    throw new FestError("WEBHOOK_INVALID", "the webhook's address is not a URL", {
      fix: "Write https://...",
    });
  }
  const name = format || "json";
  const known = FORMATS.find((one) => one === name);
  if (known !== undefined) return { url: new Secret(url), format: known };
  throw new FestError("FORMAT_UNKNOWN", `there is no webhook of the form ${JSON.stringify(name)}`, {
    fix: `Choose one of ${FORMATS.join(", ")}, or leave FEST_WEBHOOK_FORMAT out.`,
  });
}

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

import type { TemplateResult } from "lit";
import type { Finding } from "../../../lib/festival/proof/legs.ts";
import { formatTransactionId, type TransactionId } from "../../../lib/hedera/transaction-id.ts";
import type { Endpoints } from "../deployment/deployment.ts";
import { explorerLink, mirrorLink } from "../text/link.ts";
import type { Tone } from "../text/tone.ts";
import { html } from "./html.ts";

const FINDINGS: Readonly<Record<Finding, { readonly tone: Tone; readonly said: string }>> = {
  checking: { tone: "wait", said: "looking" },
  found: { tone: "ok", said: "found" },
  "not found": { tone: "wait", said: "not found yet" },
  different: { tone: "bad", said: "not as said" },
  unknown: { tone: "wait", said: "no answer" },
};

/** What looking a transaction up on the mirror node came to, as a link to it; null if it was not looked up. */
export function findingLink(
  endpoints: Endpoints,
  id: TransactionId,
  finding: Finding | null,
): TemplateResult {
  const { tone, said } = finding === null ? { tone: "idle", said: "look" } : FINDINGS[finding];
  const subject = { kind: "transaction", id } as const;
  const href = explorerLink(endpoints, subject) ?? mirrorLink(endpoints, subject);
  return html`<span class="chip ${tone}" data-finding=${finding ?? "none"}
    ><a href=${href} target="_blank" rel="noreferrer" title=${formatTransactionId(id)}>${said}</a></span
  >`;
}

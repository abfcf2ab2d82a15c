/** Lies about what a mirror node shows, the same one to whoever asks in whatever way. */
import { parseJson } from "../../lib/mirror/json.ts";
import { stringifyJson } from "../../lib/mirror/json-text.ts";
import type { Lie } from "./lying-mirror.ts";

/** Something that the mirror node shows, as it writes it. */
// biome-ignore lint/suspicious/noExplicitAny: a liar has no schema
export type Shown = any;

/** What a liar changes: each thing of a kind into others; none to leave it out. */
export interface Doctoring {
  readonly messages?: (message: Shown) => Shown[];
  readonly transactions?: (transaction: Shown) => Shown[];
  readonly schedule?: (schedule: Shown) => Shown;
  readonly rate?: (rate: Shown) => Shown;
}

/** Lies so about every list and every single thing. */
export function doctored({ messages, transactions, schedule, rate }: Doctoring): Lie {
  return async (path, answer) => {
    const response = await answer();
    if (response.status !== 200) return response;
    const body: Shown = parseJson(await response.text());
    const reply = (value: Shown) =>
      value === undefined
        ? Response.json({ _status: { messages: [{ message: "Not found" }] } }, { status: 404 })
        : new Response(stringifyJson(value), { headers: { "content-type": "application/json" } });
    if (/\/messages\/\d+$/.test(path)) return reply(messages ? messages(body)[0] : body);
    if (path.includes("/messages?") && messages)
      return reply({ ...body, messages: body.messages.flatMap(messages) });
    if (path.includes("/transactions") && transactions) {
      const changed = body.transactions.flatMap(transactions);
      return reply({ ...body, transactions: changed });
    }
    if (/\/schedules\/[\d.]+$/.test(path) && schedule) return reply(schedule(body));
    if (path.includes("/exchangerate") && rate) return reply(rate(body));
    return reply(body);
  };
}

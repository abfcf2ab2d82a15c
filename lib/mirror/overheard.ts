import type { Fetch } from "./http.ts";

/** Told what was asked of a mirror node, and what it answered. */
export type Listener = (url: URL, status: number, text: string) => void;

/** The same way to ask a mirror node, with every answer told to `listener` before anybody reads it. */
export function overheard(fetch: Fetch, listener: Listener): Fetch {
  return async (url, init) => {
    const answer = await fetch(url, init);
    const { status, headers } = answer;
    const text = await answer.text();
    listener(new URL(url), status, text);
    return new Response(text, { status, headers });
  };
}

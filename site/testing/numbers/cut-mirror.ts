/** A real mirror node that stands still: it has every message up to a consensus time, and none after it. */
import { LyingMirror, type Wire } from "../lying-mirror.ts";
import { nanosOf } from "./wording.ts";

/** Stands before a real mirror node, whose topics end at `until`. */
export function cutMirror(mirror: string, until: string): LyingMirror {
  const cut = new LyingMirror(mirror);
  cut.lie = async (path, answer) => {
    if (!path.includes("/messages?") || path.includes("timestamp=lte:")) return null;
    if (!path.includes("sequencenumber=")) return fetch(`${mirror}${path}&timestamp=lte:${until}`);
    // A mirror node takes a number or a time, and not both.
    const response = await answer();
    if (!response.ok) return response;
    const body: { messages: Timed[]; links: { next: string | null } } = await response.json();
    const messages = body.messages.filter((one) => nanosOf(one.consensus_timestamp) <= nanosOf(until));
    const isEnd = messages.length < body.messages.length;
    return Response.json({ messages, links: isEnd ? { next: null } : body.links });
  };
  return cut;
}

interface Timed extends Wire {
  readonly consensus_timestamp: string;
}

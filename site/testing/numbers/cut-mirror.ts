/** A real mirror node that stands still: it has every message up to a consensus time, and none after it. */
import { LyingMirror, type Wire } from "../lying-mirror.ts";
import { nanosOf } from "./wording.ts";

/** Stands before a real mirror node, whose topics end where it is told. */
export class CutMirror {
  /** The last consensus time that it knows. */
  until: string;
  /** Whether it answers nothing but that it cannot. */
  isDown = false;
  /** What it was asked while it could not answer. */
  readonly refused: string[] = [];
  readonly #mirror: LyingMirror;

  constructor(mirror: string, until: string) {
    this.until = until;
    this.#mirror = new LyingMirror(mirror);
    this.#mirror.lie = async (path, answer) => {
      if (this.isDown) {
        this.refused.push(path);
        return new Response("down", { status: 503 });
      }
      if (!path.includes("/messages?") || path.includes("timestamp=lte:")) return null;
      if (!path.includes("sequencenumber=")) return fetch(`${mirror}${path}&timestamp=lte:${this.until}`);
      // A mirror node takes a number or a time, and not both.
      const response = await answer();
      return response.ok ? this.#cut(response) : response;
    };
  }

  /** Where it is. */
  get url(): string {
    return this.#mirror.url;
  }

  /** Closes it. */
  stop(): Promise<void> {
    return this.#mirror.stop();
  }

  async #cut(response: Response): Promise<Response> {
    const { messages, links }: { messages: Timed[]; links: unknown } = await response.json();
    const known = messages.filter((one) => nanosOf(one.consensus_timestamp) <= nanosOf(this.until));
    return Response.json({ messages: known, links: known.length < messages.length ? { next: null } : links });
  }
}

interface Timed extends Wire {
  readonly consensus_timestamp: string;
}

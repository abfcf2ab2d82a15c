/** A mirror node that passes everything on, but as a test wants it: to see what the page makes of it. */

/** Changes an answer, or gives another one in its place; null lets it through. */
export type Lie = (path: string, answer: () => Promise<Response>) => Promise<Response | null>;

/** Stands before a real mirror node. */
export class LyingMirror {
  readonly url: string;
  /** How it lies at the moment; null for not at all. */
  lie: Lie | null = null;
  readonly #server: ReturnType<typeof Bun.serve>;

  constructor(mirror: string) {
    this.#server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: async (request) => {
        const { pathname, search } = new URL(request.url);
        const path = pathname + search;
        const real = () => fetch(mirror + path);
        return allowed((await this.lie?.(path, real)) ?? (await real()));
      },
    });
    this.url = `http://127.0.0.1:${this.#server.port}`;
  }

  /** Closes it. */
  stop(): Promise<void> {
    return this.#server.stop(true);
  }
}

function allowed(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("access-control-allow-origin", "*");
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(response.body, { status: response.status, headers });
}

/** Changes the messages of every list of messages. */
export function lieAboutMessages(change: (messages: Wire[]) => Wire[]): Lie {
  return async (path, answer) => {
    if (!path.includes("/messages?")) return null;
    const response = await answer();
    const body: { messages: Wire[]; links: unknown } = await response.json();
    return Response.json({ ...body, messages: change(body.messages) }, { status: response.status });
  };
}

/** A message as the mirror node writes it, as far as lies go. */
export interface Wire {
  readonly sequence_number: number;
  readonly message: string;
}

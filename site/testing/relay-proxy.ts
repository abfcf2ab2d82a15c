/** A relay's WebSocket that can be cut and mended: every connection goes on to a real one. */
import type { ServerWebSocket } from "bun";

interface Ends {
  readonly far: WebSocket;
  readonly waiting: string[];
}

/** Stands before a real relay. */
export class RelayProxy {
  readonly url: string;
  readonly #sockets = new Set<ServerWebSocket<Ends>>();
  readonly #server: ReturnType<typeof Bun.serve>;
  #isCut = false;

  constructor(relay: string) {
    this.#server = Bun.serve<Ends>({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request, server) => {
        if (this.#isCut) return new Response("cut", { status: 503 });
        const data: Ends = { far: new WebSocket(relay), waiting: [] };
        return server.upgrade(request, { data }) ? undefined : new Response(null, { status: 400 });
      },
      websocket: {
        open: (near) => {
          const { far, waiting } = near.data;
          this.#sockets.add(near);
          far.onopen = () => {
            for (const frame of waiting.splice(0)) far.send(frame);
          };
          far.onmessage = ({ data }) => void near.send(String(data));
          far.onclose = () => near.close();
        },
        message: ({ data: { far, waiting } }, frame) => {
          if (far.readyState === WebSocket.OPEN) far.send(String(frame));
          else waiting.push(String(frame));
        },
        close: (near) => {
          this.#sockets.delete(near);
          near.data.far.close();
        },
      },
    });
    this.url = `ws://127.0.0.1:${this.#server.port}/ws`;
  }

  /** Breaks every connection, and admits none. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Admits connections again. */
  mend(): void {
    this.#isCut = false;
  }

  /** Closes it. */
  stop(): Promise<void> {
    return this.#server.stop(true);
  }
}

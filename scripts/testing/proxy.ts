/** Something between a process and a server that fails as networks do. */
import { connect, createServer, type Socket } from "node:net";

/** `pass`: as if it were not there. `refuse`: nobody listens. `stall`: connections stand, and nothing moves. */
export type ProxyMode = "pass" | "refuse" | "stall";

/** A TCP proxy on 127.0.0.1. */
export interface TcpProxy {
  readonly port: number;
  /** Changes what happens to every connection, those that stand included. */
  set(mode: ProxyMode): void;
  stop(): Promise<void>;
}

/** Opens a proxy on a free port in front of another port of this machine. */
export async function openProxy(target: number): Promise<TcpProxy> {
  let mode: ProxyMode = "pass";
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((client) => {
    if (mode === "refuse") {
      client.destroy();
      return;
    }
    const upstream = connect(target, "127.0.0.1");
    const pair = [client, upstream] as const;
    pairs.add(pair);
    join(client, upstream);
    join(upstream, client);
    for (const socket of pair) socket.on("close", () => pairs.delete(pair));
    if (mode === "stall") for (const socket of pair) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    port: address.port,
    set: (next) => {
      mode = next;
      for (const socket of [...pairs].flat()) {
        if (mode === "refuse") socket.destroy();
        else if (mode === "stall") socket.pause();
        else socket.resume();
      }
    },
    stop: async () => {
      for (const socket of [...pairs].flat()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Passes on what comes, and the end. While `from` is paused, nothing comes. */
function join(from: Socket, to: Socket): void {
  from.on("data", (bytes) => to.write(bytes));
  from.on("end", () => to.end());
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroy());
}

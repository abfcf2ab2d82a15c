import type { Respond } from "../fault/rest.ts";
import { serve } from "../serve.ts";
import type { MirrorSource } from "./context.ts";
import { subscribeOverWeb } from "./grpc-web.ts";
import { restApp } from "./rest.ts";
import type { StreamSource } from "./topic-stream.ts";
import { SUBSCRIBE_TOPIC } from "./topic-wire.ts";

/** A running mirror over HTTP. */
export interface MirrorHttp {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts what a mirror node serves over HTTP, on one port of 127.0.0.1 (0 for a
 * free one): the REST API, and `subscribeTopic` over gRPC-Web. `wrap` may put
 * something between the REST API and who asks.
 *
 * @throws FestError `PORT_IN_USE`
 */
export function startMirrorHttp(
  source: MirrorSource & StreamSource,
  port: number,
  wrap: (rest: Respond) => Respond = (rest) => rest,
): MirrorHttp {
  const app = restApp(source);
  const rest = wrap((request) => app.fetch(request));
  const server = serve({
    port,
    // A subscription may be quiet for as long as its topic is.
    idleTimeout: 0,
    fetch(request) {
      const isStream = new URL(request.url).pathname === SUBSCRIBE_TOPIC;
      return isStream ? subscribeOverWeb(source, request) : rest(request);
    },
  });
  return { port: server.port ?? port, close: () => server.stop(true) };
}

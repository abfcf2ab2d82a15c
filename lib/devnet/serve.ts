import { FestError } from "../hedera/error.ts";

/** Starts an HTTP server on 127.0.0.1. @throws FestError `PORT_IN_USE` */
export function serve<Data = undefined>(
  options: Bun.Serve.Options<Data> & { port: number },
): Bun.Server<Data> {
  try {
    return Bun.serve<Data>({ ...options, hostname: "127.0.0.1" });
  } catch (error) {
    throw portInUse(options.port, error);
  }
}

/** That a port of the loopback interface is taken. */
export function portInUse(port: number, cause: unknown): FestError {
  return new FestError("PORT_IN_USE", `port ${port} on 127.0.0.1 cannot be used`, {
    cause,
    fix: "Stop what listens there, or choose other ports with --port-base.",
  });
}

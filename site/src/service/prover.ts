/// <reference types="vite/client" />
/// <reference types="trusted-types" />
import type { Message } from "../../../lib/mirror/message.ts";
import type { ChainHead } from "../../../lib/mirror/running-hash.ts";
import workerUrl from "./proof.worker.ts?worker&url";
import type { ProofAnswer, ProofRequest } from "./proof-protocol.ts";

/** Checks chains of running hashes in a worker. */
export interface Prover {
  /** Checks that messages continue the chain after `after` (null: from the first message on). */
  verify(messages: readonly Message[], after: ChainHead | null): Promise<ProofAnswer>;
  /** Ends the worker; what is under way is never answered. */
  close(): void;
}

/** Starts the worker. */
export function startProver(): Prover {
  const worker = new Worker(workerUrl, { type: "module", name: "proof" });
  const waiting = new Map<number, (answer: ProofAnswer) => void>();
  let asked = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<ProofAnswer>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  return {
    verify(messages, after) {
      asked += 1;
      const request: ProofRequest = { id: asked, messages, after };
      return new Promise((resolve) => {
        waiting.set(request.id, resolve);
        worker.postMessage(request);
      });
    },
    close: () => worker.terminate(),
  };
}

// The browser asks the default policy wherever a script's address is given as text: a worker of this page, and nothing else.
window.trustedTypes?.createPolicy("default", {
  createScriptURL(text) {
    if (new URL(text, location.href).origin !== location.origin) throw new TypeError("a foreign script");
    return text;
  },
});

/** Recomputes running hashes, off the main thread. */
import { verifyChain } from "../../../lib/mirror/running-hash.ts";
import type { ProofAnswer, ProofRequest } from "./proof-protocol.ts";

addEventListener("message", ({ data }: MessageEvent<ProofRequest>) => {
  const { id, messages, after } = data;
  const { head, broken } = after === null ? verifyChain(messages) : verifyChain(messages, after);
  const answer: ProofAnswer = { id, head, broken };
  postMessage(answer);
});

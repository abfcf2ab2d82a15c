import { createMirror, type Mirror } from "../../mirror/client.ts";
import { bundleFetch, bundleUrl } from "./answer.ts";
import type { Bundle } from "./bundle.ts";

/** The mirror node that a bundle stands for: it answers what the bundle holds, at once and for ever the same. */
export function bundleMirror(bundle: Bundle): Mirror {
  return createMirror({ baseUrl: bundleUrl(), fetch: bundleFetch(bundle), retries: 0 });
}

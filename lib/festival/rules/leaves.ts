import type { Draft } from "../draft.ts";
import type { Entry } from "../entry/entry.ts";
import { leafHash } from "../merkle.ts";

/** Makes a result, payment or trade part of what the edition's commit attests. */
export function addLeaf(
  draft: Draft,
  entry: Entry<"task_result" | "payment_settled" | "trade_settled">,
): void {
  const { leaves } = draft.currentEdition();
  draft.changeEdition({ leaves: [...leaves, leafHash(entry.stamp.bytes)] });
}

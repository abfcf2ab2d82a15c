import type { Ledger } from "../../ledger/client.ts";
import type { Under } from "../../ledger/submit.ts";
import { once } from "./once.ts";
import { mirrorOf, type SetupOptions } from "./options.ts";

/** Takes a step that leaves no id behind, unless it was taken. @throws LedgerError; FestError `STEP_UNCERTAIN` */
export async function step(
  options: SetupOptions,
  ledger: Ledger,
  name: string,
  what: string,
  take: (under: Under) => Promise<void>,
): Promise<void> {
  const { deployment, onStep } = options;
  if (deployment.record.done.includes(name)) return;
  onStep?.(what);
  await once({ ...options, mirror: mirrorOf(options) }, { name, ledger, take, found: () => undefined });
  await deployment.save({ done: [...deployment.record.done, name] });
}

/** Takes steps side by side; those that succeed are kept even if another fails. */
export async function inParallel(steps: readonly (() => Promise<void>)[]): Promise<void> {
  await allSettled(steps.map((take) => take()));
}

/** What all come to, once none is under way any more. */
export async function allSettled<const T extends readonly Promise<unknown>[]>(
  under: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  await Promise.allSettled(under);
  return Promise.all(under);
}

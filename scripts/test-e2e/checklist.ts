/** What was looked at, and how it went. */
import { describeError } from "../../lib/hedera/error.ts";

/** One thing that a test of a network looks at. */
export interface Check {
  readonly name: string;
  readonly status: "ok" | "failed" | "skipped";
  readonly message: string;
  /** The command that helps, or null. */
  readonly fix: string | null;
  readonly seconds: number;
}

/** What a step says of itself when it went well. */
export type Step = () => Promise<string>;

/** Runs steps one after the other; after one that failed the others are skipped, but for those that must be. */
export class Checklist {
  readonly checks: Check[] = [];
  readonly #onCheck: (check: Check) => void;

  constructor(onCheck: (check: Check) => void) {
    this.#onCheck = onCheck;
  }

  /** Nothing failed, and something was looked at. */
  get ok(): boolean {
    return this.checks.length > 0 && this.checks.every(({ status }) => status !== "failed");
  }

  /** @param retries how often it is tried again, for what may be tried again */
  async step(
    name: string,
    fix: string | null,
    step: Step,
    { retries = 0, always = false }: { readonly retries?: number; readonly always?: boolean } = {},
  ): Promise<void> {
    const began = Date.now();
    const add = (status: Check["status"], message: string) => {
      const seconds = Math.round((Date.now() - began) / 1_000);
      const check = { name, status, message, fix: status === "failed" ? fix : null, seconds };
      this.checks.push(check);
      this.#onCheck(check);
    };
    if (!always && !this.ok && this.checks.length > 0) return add("skipped", "something before it failed");
    for (let attempt = 0; ; attempt += 1) {
      try {
        return add("ok", await step());
      } catch (error) {
        if (attempt === retries) return add("failed", describeError(error));
      }
    }
  }
}

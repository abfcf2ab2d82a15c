import { FestError } from "../../hedera/error.ts";

/** A plan that cannot be run, with the file and line that is at fault. */
export class PlanError extends FestError {
  override readonly name = "PlanError";
  /** Relative to the festival's folder. */
  readonly file: string;
  readonly line: number;

  /** A defect at a place of the plan. */
  static at({ file, line }: { readonly file: string; readonly line: number }, problem: string, fix?: string) {
    return new PlanError(file, line, problem, fix);
  }

  constructor(file: string, line: number, problem: string, fix?: string) {
    super("PLAN_INVALID", `${file}:${line}: ${problem}`, fix === undefined ? {} : { fix });
    this.file = file;
    this.line = line;
  }
}

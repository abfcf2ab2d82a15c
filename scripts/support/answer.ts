import { describeError } from "../../lib/hedera/error.ts";
import { errorJson } from "./plan-report.ts";

/**
 * Runs a command to its end: prints its answer, and exits.
 *
 * @param name what it is called, which says before an error who had it
 * @param json whether an error is an answer, too
 */
export async function answer(
  name: string,
  json: true | undefined,
  work: () => Promise<string>,
): Promise<never> {
  try {
    console.log(await work());
    process.exit(0);
  } catch (error) {
    if (json) console.log(errorJson(error));
    console.error(`${name}: ${describeError(error)}`);
    process.exit(1);
  }
}

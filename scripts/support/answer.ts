import { fail } from "./failure.ts";

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
    fail(name, json, error);
  }
}

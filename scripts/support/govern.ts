/** What the owner says on the log by hand: `pause` and `resume`. */
import { answer } from "./answer.ts";
import { commandLine, words } from "./command-line.ts";
import { Owner } from "./owner.ts";

/**
 * Runs one of the owner's commands to its end: says the entry with the account
 * and key of the environment, as setup writes it to `owner.env`, looks whether
 * it counts, and exits.
 */
export async function govern(type: "pause" | "resume", description: string): Promise<never> {
  const options = commandLine(
    type,
    `bun --env-file=.fest/state/owner.env run ${type} --reason 'a look at it'`,
  )
    .description(`${description} Needs the owner's environment: bun --env-file=.../owner.env run ${type}`)
    .option("--json", "print one JSON object on stdout, and nothing else")
    .option("--reason <text>", "why, for everybody to read; at most 200 letters", words(200))
    .option("--log <topic>", "the festival's log; default FEST_LOG")
    .parse()
    .opts<{ json?: true; reason?: string; log?: string }>();
  return answer(type, options.json, async () => {
    const { reason } = options;
    const payload = reason === undefined ? {} : { payload: { reason } };
    const { sequence } = await Owner.open(options.log).say({ v: 1, type, ...payload });
    return options.json ? JSON.stringify({ type, sequence }) : `entry #${sequence} says ${type}`;
  });
}

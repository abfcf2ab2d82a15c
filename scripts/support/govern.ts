/** What the owner says on the log by hand: `pause` and `resume`. */
import { Command } from "commander";
import { answer } from "./answer.ts";
import { Owner } from "./owner.ts";

/**
 * Runs one of the owner's commands to its end: says the entry with the account
 * and key of the environment, as setup writes it to `owner.env`, looks whether
 * it counts, and exits.
 */
export async function govern(type: "pause" | "resume", description: string): Promise<never> {
  const options = new Command(type)
    .description(`${description} Needs the owner's environment: bun --env-file=.../owner.env run ${type}`)
    .option("--reason <text>", "why, for everybody to read; at most 200 letters")
    .option("--log <topic>", "the festival's log; default FEST_LOG")
    .helpOption("--help", "show this")
    .allowExcessArguments(false)
    .parse()
    .opts<{ reason?: string; log?: string }>();
  return answer(type, undefined, async () => {
    const { reason } = options;
    const payload = reason === undefined ? {} : { payload: { reason } };
    const { sequence } = await Owner.open(options.log).say({ v: 1, type, ...payload });
    return `entry #${sequence} says ${type}`;
  });
}

/** What every command of package.json has in common on its command line. */
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { parseDurationMs } from "../../lib/devnet/duration.ts";
import { describeError, FestError } from "../../lib/hedera/error.ts";

/**
 * A command whose `--help` ends in examples, and that says of a word which it
 * does not know where to read what it takes.
 *
 * @param name as `bun run` knows it
 * @param examples whole lines that can be typed; shown with each of its subcommands, too
 */
export function commandLine(name: string, ...examples: readonly string[]): Command {
  return new Command(`bun run ${name}`)
    .helpOption("--help", "show this")
    .allowExcessArguments(false)
    .showHelpAfterError(`\`bun run ${name} --help\` says what it takes.`)
    .configureOutput({ outputError: (text, write) => write(`${name}: ${text.replace(/^error: /, "")}`) })
    .addHelpText("afterAll", ["\nFor example:", ...examples.map((line) => `  ${line}`)].join("\n"));
}

/** The same reader for an option, whose errors are the command line's. */
export function asArgument<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw error instanceof FestError ? new InvalidArgumentError(describeError(error)) : error;
    }
  };
}

/** Reads a whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (/^\d{1,16}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number ${range}.`);
  };
}

/** Reads a duration, such as 500ms or 2s, and leaves it as it is written. */
export const duration: (text: string) => string = asArgument((text) => {
  parseDurationMs(text);
  return text;
});

/** Reads words for everybody to read, of at most so many letters. */
export function words(most: number): (text: string) => string {
  return (text) => {
    if (text.trim() !== "" && text.length <= most) return text;
    throw new InvalidArgumentError(`It has 1 to ${most} letters.`);
  };
}

/** Reads the address of a web server. */
export function webAddress(text: string): string {
  const { protocol } = URL.canParse(text) ? new URL(text) : { protocol: "" };
  if (protocol === "http:" || protocol === "https:") return text;
  throw new InvalidArgumentError("Write it as https://host or http://host:port.");
}

/** The plan that a command runs, unless another one is named. */
export function planOption(does: string): Option {
  const usual = "agents/plans/hbar-desk";
  return new Option("--plan <folder>", does).default(resolve(import.meta.dir, "../..", usual), usual);
}

import { FestError } from "./error.ts";
import { REDACTED } from "./secret.ts";

/** 32 bytes and more in hex, as private keys are written, raw or in DER. */
const LIKE_A_KEY = /[0-9a-f]{64,}/gi;

/** The environment of a process, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One thing that is wrong with an environment. */
export interface ConfigProblem {
  readonly variable: string;
  /** What is wrong, as in "is not set"; never the value of a secret. */
  readonly wrong: string;
  /** What to do, as one imperative sentence. */
  readonly fix: string;
}

/** An environment that can't be used: all that is wrong with it at once. */
export class ConfigError extends FestError {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(
      "CONFIG_INVALID",
      problems.map(({ variable, wrong, fix }) => `${variable} ${wrong}. ${fix}`).join("\n"),
    );
    this.problems = problems;
  }
}

/** Reads variables and collects what is wrong with them. A variable that is empty counts as not set. */
export class ConfigReader {
  readonly #env: Environment;
  readonly #problems: ConfigProblem[] = [];

  constructor(env: Environment) {
    this.#env = env;
  }

  /** The value, without white space around it. */
  optional(variable: string): string | undefined {
    const value = this.#env[variable]?.trim();
    return value === "" ? undefined : value;
  }

  /** The value; a problem if it isn't set. */
  required(variable: string, fix: string): string | undefined {
    const value = this.optional(variable);
    if (value === undefined) this.problem(variable, "is not set", fix);
    return value;
  }

  /** The value as `parse` reads it; what `parse` throws is a problem. */
  parsed<T>(variable: string, value: string | undefined, parse: (text: string) => T): T | undefined {
    if (value === undefined) return undefined;
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof FestError)) throw error;
      const fix = error.fix ?? "Correct it.";
      this.problem(variable, `can't be used: ${error.message.replace(`. ${fix}`, "")}`, fix);
      return undefined;
    }
  }

  /** Notes a problem. What looks like a private key is not quoted: it may have come to the wrong variable. */
  problem(variable: string, wrong: string, fix: string): void {
    this.#problems.push({ variable, wrong: wrong.replaceAll(LIKE_A_KEY, REDACTED), fix });
  }

  /** @throws ConfigError if there was any problem */
  finish(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }
}

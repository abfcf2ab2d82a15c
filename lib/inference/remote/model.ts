import { readFileSync } from "node:fs";
import type { ConfigReader } from "../../hedera/config.ts";
import { Secret } from "../../hedera/secret.ts";

/** A language model behind an OpenAI-compatible endpoint: Ollama, vLLM, llama.cpp, or a hosted one. */
export interface LanguageModel {
  /** Base URL up to and with the version, such as `http://127.0.0.1:11434/v1`. */
  readonly url: string;
  /** Its name at the endpoint. */
  readonly name: string;
  /** Null for an endpoint that wants none. */
  readonly key: Secret | null;
  /** How long one answer may take. */
  readonly timeoutMs: number;
  /** Micro-USD for a million tokens read and written; 0 for a model of one's own. */
  readonly priceIn: bigint;
  readonly priceOut: bigint;
}

const NAME = /^[\w./:@+-]{1,64}$/;
const DOLLARS = /^(\d{1,6})(?:\.(\d{1,6}))?$/;
const SECONDS = /^[1-9]\d{0,3}$/;
const DEFAULT_SECONDS = 60;

/**
 * Reads `FEST_LLM_*`; null if no model is configured, which only the kinds of
 * task that need one will miss. What is wrong goes to the reader's problems.
 */
export function readLanguageModel(reader: ConfigReader): LanguageModel | null {
  const url = reader.optional("FEST_LLM_URL");
  if (url === undefined) return null;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    reader.problem("FEST_LLM_URL", "is not a URL", "Write it as http://127.0.0.1:11434/v1.");
  }
  const name = reader.required("FEST_LLM_MODEL", "Set it to the model's name at FEST_LLM_URL.") ?? "";
  if (name !== "" && !NAME.test(name)) {
    reader.problem("FEST_LLM_MODEL", "is not a model's name", "Use letters, digits and ./:@+-_ only.");
  }
  return {
    url: url.replace(/\/+$/, ""),
    name,
    key: readKey(reader),
    timeoutMs: 1_000 * readSeconds(reader),
    priceIn: readPrice(reader, "FEST_LLM_USD_PER_MILLION_IN"),
    priceOut: readPrice(reader, "FEST_LLM_USD_PER_MILLION_OUT"),
  };
}

function readKey(reader: ConfigReader): Secret | null {
  const path = reader.optional("FEST_LLM_KEY_FILE");
  if (path === undefined) return null;
  try {
    return new Secret(readFileSync(path, "utf8").trim());
  } catch {
    const fix = "Make it the path of a file that this user may read.";
    reader.problem("FEST_LLM_KEY_FILE", "names a file that can't be read", fix);
    return null;
  }
}

function readSeconds(reader: ConfigReader): number {
  const text = reader.optional("FEST_LLM_TIMEOUT_SECONDS");
  if (text === undefined) return DEFAULT_SECONDS;
  if (SECONDS.test(text)) return Number(text);
  reader.problem("FEST_LLM_TIMEOUT_SECONDS", "is not 1 to 9999", "Write whole seconds, such as 60.");
  return DEFAULT_SECONDS;
}

function readPrice(reader: ConfigReader, variable: string): bigint {
  const text = reader.optional(variable);
  if (text === undefined) return 0n;
  const [, whole, fraction = ""] = DOLLARS.exec(text) ?? [];
  if (whole === undefined) {
    reader.problem(variable, "is not an amount of dollars", "Write it as 0.15.");
    return 0n;
  }
  return BigInt(whole + fraction.padEnd(6, "0"));
}

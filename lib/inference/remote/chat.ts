/** One question to a language model, in the form that every OpenAI-compatible endpoint takes. */
import * as z from "zod/mini";
import { describeError, FestError } from "../../hedera/error.ts";
import { backoffMs } from "../../mirror/backoff.ts";
import { type Clock, systemClock } from "../../mirror/clock.ts";
import type { LanguageModel } from "./model.ts";

/** What is asked, and the form of the answer. */
export interface Question<T> {
  readonly system: string;
  readonly user: string;
  /** Name of the answer's form: letters, digits and `_`. */
  readonly form: string;
  readonly schema: z.ZodMiniType<T>;
}

/** An answer of the wanted form, and what it took, failed attempts included. */
export interface Answer<T> {
  readonly value: T;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Micro-USD by the model's prices, rounded up. */
  readonly cost: bigint;
  readonly attempts: number;
}

/** How it is asked. */
export interface AskOptions {
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

const ATTEMPTS = 4;
const BACKOFF = { firstMs: 500, maxMs: 8_000 };
/** No answer is waited for longer than this, whatever `Retry-After` says. */
const LONGEST_RETRY_AFTER_MS = 20_000;
/** Tokens that an answer may have. */
const MAX_TOKENS = 1_500;
const MILLION = 1_000_000n;

const tokens = z.int().check(z.nonnegative());
const completion = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string() }), finish_reason: z.nullish(z.string()) }))
    .check(z.minLength(1)),
  usage: z.nullish(z.object({ prompt_tokens: tokens, completion_tokens: tokens })),
});

/** An attempt that failed, and whether another may do better. */
interface Failure {
  readonly error: FestError;
  readonly again: boolean;
  readonly waitMs: number | null;
}

/**
 * Asks a model until its answer has the wanted form, at most {@link ATTEMPTS}
 * times, with growing waits after 429, 5xx and timeouts.
 *
 * @throws FestError `MODEL_REFUSED` (4xx), `MODEL_UNAVAILABLE` (429, 5xx, no connection, timeout),
 * `MODEL_OUTPUT_INVALID` (no JSON, or of another form)
 */
export async function ask<T>(
  model: LanguageModel,
  question: Question<T>,
  { signal, clock = systemClock }: AskOptions = {},
): Promise<Answer<T>> {
  let tokensIn = 0;
  let tokensOut = 0;
  for (let attempt = 1; ; attempt += 1) {
    const tried = await once(model, question, signal);
    signal?.throwIfAborted();
    tokensIn += tried.tokensIn;
    tokensOut += tried.tokensOut;
    if (tried.failure === null) {
      const owed = BigInt(tokensIn) * model.priceIn + BigInt(tokensOut) * model.priceOut;
      const cost = (owed + MILLION - 1n) / MILLION;
      return { value: tried.value, tokensIn, tokensOut, cost, attempts: attempt };
    }
    const { error, again, waitMs } = tried.failure;
    if (!again || attempt === ATTEMPTS) throw error;
    await clock.sleep(waitMs ?? backoffMs(BACKOFF, attempt, clock), signal);
  }
}

type Tried<T> = { readonly tokensIn: number; readonly tokensOut: number } & (
  | { readonly failure: null; readonly value: T }
  | { readonly failure: Failure }
);

async function once<T>(model: LanguageModel, question: Question<T>, signal?: AbortSignal): Promise<Tried<T>> {
  const none = { tokensIn: 0, tokensOut: 0 };
  const timeout = AbortSignal.timeout(model.timeoutMs);
  let body: unknown;
  try {
    const response = await fetch(`${model.url}/chat/completions`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(model.key === null ? {} : { Authorization: `Bearer ${model.key.reveal()}` }),
      },
      body: JSON.stringify(requestOf(model, question)),
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const text = await response.text();
    if (!response.ok) return { ...none, failure: failureOf(model, response, text) };
    body = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError)
      return { ...none, failure: malformed("the endpoint's answer is no JSON") };
    const what = timeout.aborted ? `no answer in ${model.timeoutMs / 1_000} s` : describeError(cause);
    return { ...none, failure: unavailable(`${model.url} could not be asked: ${what}`, cause) };
  }
  const parsed = z.safeParse(completion, body);
  if (!parsed.success) return { ...none, failure: malformed("the endpoint's answer is no chat completion") };
  const { choices, usage } = parsed.data;
  const used = { tokensIn: usage?.prompt_tokens ?? 0, tokensOut: usage?.completion_tokens ?? 0 };
  const said = readContent(choices[0]?.message.content ?? "", question);
  return typeof said === "string"
    ? { ...used, failure: malformed(said) }
    : { ...used, failure: null, ...said };
}

function requestOf<T>({ name }: LanguageModel, { system, user, form, schema }: Question<T>): object {
  return {
    model: name,
    messages: [
      { role: "system", content: system },
      { role: "user", content: user },
    ],
    temperature: 0,
    max_tokens: MAX_TOKENS,
    response_format: {
      type: "json_schema",
      json_schema: { name: form, strict: true, schema: z.toJSONSchema(schema) },
    },
  };
}

/** The content as a value of the question's form, or what is wrong with it. */
function readContent<T>(content: string, { schema }: Question<T>): { value: T } | string {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return "what the model said is no JSON";
  }
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  return `what the model said has another form: ${issue?.path.join(".") || "it"}: ${issue?.message}`;
}

function failureOf(model: LanguageModel, response: Response, text: string): Failure {
  const what = `${model.url} answered ${response.status}: ${text.slice(0, 100).replaceAll(/\s+/g, " ")}`;
  if (response.status === 429 || response.status === 408 || response.status >= 500) {
    const seconds = Number(response.headers.get("Retry-After") ?? "x");
    const waitMs = Number.isFinite(seconds) ? Math.min(LONGEST_RETRY_AFTER_MS, seconds * 1_000) : null;
    return { ...unavailable(what), waitMs };
  }
  const fix = "Check FEST_LLM_URL, FEST_LLM_MODEL and FEST_LLM_KEY_FILE.";
  return { error: new FestError("MODEL_REFUSED", what, { fix }), again: false, waitMs: null };
}

function unavailable(what: string, cause?: unknown): Failure {
  const error = new FestError("MODEL_UNAVAILABLE", what, cause === undefined ? {} : { cause });
  return { error, again: true, waitMs: null };
}

function malformed(what: string): Failure {
  return { error: new FestError("MODEL_OUTPUT_INVALID", what), again: true, waitMs: null };
}

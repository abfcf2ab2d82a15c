import { parseHbar, TINYBARS_PER_HBAR } from "../hedera/amount.ts";
import { ConfigReader, type Environment } from "../hedera/config.ts";
import { FestError } from "../hedera/error.ts";
import { parseTopicId, type TopicId } from "../hedera/id.ts";
import { type LanguageModel, readLanguageModel } from "../inference/remote/model.ts";
import { type LedgerConfig, readLedger } from "../ledger/config.ts";
import type { SpendingLimits } from "./purse.ts";

/** What an agent process reads from its environment. */
export interface AgentConfig {
  /** Which agent of the manifest this process is, such as `inference-001`. */
  readonly agent: string;
  readonly log: TopicId;
  readonly ledger: LedgerConfig;
  readonly limits: SpendingLimits;
  /** Folder of the festival that the coordinator runs. */
  readonly planFolder: string | null;
  /** Recorded in each edition's commit. */
  readonly gitCommit: string | null;
  /** What the inference agent may ask; null: no task that needs a language model can be done. */
  readonly languageModel: LanguageModel | null;
  /** Port of the health endpoint on loopback; null: none. */
  readonly healthPort: number | null;
  /** For chaos: the step of its effects that this process does not survive; null: none. */
  readonly crashAt: number | null;
  readonly logLevel: string;
}

/** 0 to 65535; 0 takes a free one. */
const PORT = /^(\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/;
/** A day of heartbeats costs some 6 HBAR at USD 0.07 for one, a festival of 12 tasks less than one. */
const DEFAULT_PER_DAY = 50n * TINYBARS_PER_HBAR;
const DEFAULT_FLOOR = TINYBARS_PER_HBAR;
const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"];

/**
 * Reads an agent's configuration; `.env.example` lists every variable.
 *
 * @throws ConfigError that names every variable that is wrong, and shows no secret
 */
export function readAgentConfig(env: Environment): AgentConfig {
  const reader = new ConfigReader(env);
  const ledger = readLedger(reader);
  const name = reader.required(
    "FEST_AGENT",
    "Set it to the agent's name in the manifest, such as inference-001.",
  );
  const agent = matching(reader, "FEST_AGENT", name, /^[a-z][a-z0-9-]{0,31}$/, "Write it in lower case.");
  const topic = reader.required("FEST_LOG", "Set it to the festival's log, which setup prints.");
  const log = reader.parsed("FEST_LOG", topic, parseTopicId);
  const commit = reader.optional("FEST_GIT_COMMIT");
  const gitCommit = matching(
    reader,
    "FEST_GIT_COMMIT",
    commit,
    /^[0-9a-f]{7,64}$/,
    "Write a commit id in hex.",
  );
  const port = reader.optional("FEST_HEALTH_PORT");
  const healthPort = matching(reader, "FEST_HEALTH_PORT", port, PORT, "Write a port, such as 8701.");
  const crash = reader.optional("FEST_CRASH_AT");
  const crashAt = matching(reader, "FEST_CRASH_AT", crash, /^[1-9]\d{0,5}$/, "Write a whole number from 1.");
  const level = reader.optional("FEST_LOG_LEVEL") ?? "info";
  if (!LOG_LEVELS.includes(level)) {
    reader.problem("FEST_LOG_LEVEL", "is not a level", `Choose one of ${LOG_LEVELS.join(", ")}.`);
  }
  const perDay = hbar(reader, "FEST_BUDGET_HBAR_PER_DAY");
  const floor = hbar(reader, "FEST_FLOOR_HBAR");
  const languageModel = readLanguageModel(reader);
  reader.finish();
  if (!ledger || !agent || !log) throw new FestError("CONFIG_INVALID", "the environment could not be read");
  return {
    agent,
    log,
    ledger,
    limits: {
      perDay: perDay ?? (ledger.network.name === "devnet" ? null : DEFAULT_PER_DAY),
      floor: floor ?? DEFAULT_FLOOR,
    },
    planFolder: reader.optional("FEST_PLAN") ?? null,
    gitCommit: gitCommit ?? null,
    languageModel,
    healthPort: healthPort === undefined ? null : Number(healthPort),
    crashAt: crashAt === undefined ? null : Number(crashAt),
    logLevel: level,
  };
}

function matching(
  reader: ConfigReader,
  variable: string,
  value: string | undefined,
  pattern: RegExp,
  fix: string,
) {
  if (value === undefined || pattern.test(value)) return value;
  reader.problem(variable, "is malformed", fix);
  return undefined;
}

function hbar(reader: ConfigReader, variable: string) {
  const amount = reader.parsed(variable, reader.optional(variable), parseHbar);
  if (amount === undefined || amount >= 0n) return amount;
  reader.problem(variable, "is below zero", "Write an amount of HBAR, such as 2.5.");
  return undefined;
}

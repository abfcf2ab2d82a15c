/** What doctor looks at: the environments of one machine's roles. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Environment } from "../../lib/hedera/config.ts";
import { FestError } from "../../lib/hedera/error.ts";
import { parseEnvFile } from "../support/env-file.ts";

/** The environment of one process to be. */
export interface RoleEnvironment {
  /** `inference` of inference.env; `environment` for this process's own. */
  readonly name: string;
  /** The file that it was read from; null for this process's own. */
  readonly file: string | null;
  readonly env: Environment;
  /** Lines of the file that are no `NAME=value`. */
  readonly badLines: readonly number[];
  /** The file with the private key; null where the environment names none and none lies beside. */
  readonly keyFile: string | null;
  /** Its key is sealed for this host's systemd, and no file has it in clear. */
  readonly sealed?: boolean;
}

/** A folder of environments, or a single one. */
export interface Target {
  /** Where set-up keeps environments and keys; null for this process's own. */
  readonly folder: string | null;
  readonly roles: readonly RoleEnvironment[];
}

/** Where systemd looks for the units' credentials. */
const PLAIN = "/etc/credstore";
const SEALED = "/etc/credstore.encrypted";

/** Where environments lie if nobody says where, in order. */
const USUAL = ["/etc/fest-agents", ".fest/state"];

/**
 * Reads what is to be examined.
 *
 * @param path a folder with `<role>.env` files, or one such file; absent: this
 *   process's own environment if it names an account, else the first usual folder that has any
 * @throws FestError `ENV_UNREADABLE`
 */
export function readTarget(path: string | undefined, env: Environment): Target {
  if (path === undefined) {
    const usual = USUAL.find((folder) => existsSync(folder) && envFilesOf(folder).length > 0);
    const own = env.HEDERA_ACCOUNT_ID || env.FEST_AGENT || usual === undefined;
    return own ? { folder: null, roles: [ownRole(env)] } : readTarget(usual, env);
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw unreadable(path, "is not there");
  if (!found.isDirectory()) return { folder: dirname(resolve(path)), roles: [readRole(path)] };
  const files = envFilesOf(path);
  if (files.length === 0) throw unreadable(path, "has no <role>.env");
  return { folder: resolve(path), roles: files.map((file) => readRole(join(path, file))) };
}

function envFilesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[^.].*\.env$/.test(name))
      .toSorted();
  } catch {
    throw unreadable(folder, "can't be read");
  }
}

function ownRole(env: Environment): RoleEnvironment {
  return {
    name: "environment",
    file: null,
    env,
    badLines: [],
    keyFile: env.HEDERA_PRIVATE_KEY_FILE?.trim() || null,
    sealed: false,
  };
}

function readRole(file: string): RoleEnvironment {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw unreadable(file, "can't be read");
  }
  const name = basename(file, ".env");
  const folder = dirname(resolve(file));
  const own = parseEnvFile(text);
  // What the host adds, as its unit reads it.
  const host = join(folder, "host", `${name}.env`);
  const added = existsSync(host) ? parseEnvFile(readFileSync(host, "utf8")) : { env: {}, badLines: [] };
  const env = { ...own.env, ...added.env };
  const inline = Boolean(env.HEDERA_PRIVATE_KEY);
  const named = env.HEDERA_PRIVATE_KEY_FILE || null;
  // The one that lies beside is the newer one, wherever the file was when set-up wrote it.
  const places = [join(folder, `${name}.key`), named, join(PLAIN, `fest-agent-${name}.key`)];
  const keyFile = inline ? null : (places.find((path) => path !== null && existsSync(path)) ?? named);
  const sealed =
    !inline &&
    (keyFile === null || !existsSync(keyFile)) &&
    existsSync(join(SEALED, `fest-agent-${name}.sealed`));
  return { name, file: resolve(file), env, badLines: own.badLines, keyFile: sealed ? null : keyFile, sealed };
}

function unreadable(path: string, why: string): FestError {
  return new FestError("ENV_UNREADABLE", `${path} ${why}`, {
    fix: "Give --env the folder that setup wrote, or one <role>.env.",
  });
}

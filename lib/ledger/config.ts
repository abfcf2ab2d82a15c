import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigReader, type Environment } from "../hedera/config.ts";
import { FestError } from "../hedera/error.ts";
import { type AccountId, parseAccountId } from "../hedera/id.ts";
import type { Network } from "../hedera/network.ts";
import { readNetwork } from "../hedera/network-env.ts";
import { Secret } from "../hedera/secret.ts";
import { type KeyType, SigningKey } from "./key.ts";

/** What {@link openLedger} needs, read from an environment. */
export interface LedgerConfig {
  readonly network: Network;
  readonly account: AccountId;
  readonly key: SigningKey;
}

/**
 * Reads the network (see `networkFromEnv`) and who acts on it:
 * `HEDERA_ACCOUNT_ID`, `HEDERA_KEY_TYPE` (`ED25519` or `ECDSA`), and the private
 * key in `HEDERA_PRIVATE_KEY` or in the file that `HEDERA_PRIVATE_KEY_FILE`
 * names. A systemd credential (`hedera-key`, or `hedera-key-sealed`) counts before that file.
 *
 * @throws ConfigError that names every variable that is wrong, and shows no secret
 */
export function ledgerFromEnv(env: Environment): LedgerConfig {
  const reader = new ConfigReader(env);
  const config = readLedger(reader);
  reader.finish();
  // A reader without problems has read everything.
  if (!config) throw new FestError("CONFIG_INVALID", "the environment could not be read");
  return config;
}

/** The same as a part of a larger environment: undefined if the reader has noted problems. */
export function readLedger(reader: ConfigReader): LedgerConfig | undefined {
  const network = readNetwork(reader);
  const id = reader.required("HEDERA_ACCOUNT_ID", "Set it to the account that acts, such as 0.0.1001.");
  const account = reader.parsed("HEDERA_ACCOUNT_ID", id, parseAccountId);
  const type = keyType(reader);
  const secret = privateKey(reader);
  const key =
    type && secret
      ? reader.parsed(secret.variable, secret.hex.reveal(), (hex) => SigningKey.parse({ type, hex }))
      : undefined;
  return network && account && key ? { network, account, key } : undefined;
}

/** Names of the credential that a unit may load, the sealed one first. */
const CREDENTIALS = ["hedera-key-sealed", "hedera-key"];

/** The file of the credential that systemd has given this process; undefined if it gave none. */
function credentialFile(reader: ConfigReader): string | undefined {
  const folder = reader.optional("CREDENTIALS_DIRECTORY");
  if (folder === undefined) return undefined;
  return CREDENTIALS.map((name) => join(folder, name)).find((path) => existsSync(path));
}

function keyType(reader: ConfigReader): KeyType | undefined {
  const fix = "Set it to ED25519 or ECDSA, the kind of the account's key.";
  const text = reader.required("HEDERA_KEY_TYPE", fix)?.toUpperCase();
  if (text === undefined || text === "ED25519" || text === "ECDSA") return text;
  reader.problem("HEDERA_KEY_TYPE", "is not a type of key", fix);
  return undefined;
}

function privateKey(reader: ConfigReader): { variable: string; hex: Secret } | undefined {
  const inline = reader.optional("HEDERA_PRIVATE_KEY");
  const path = credentialFile(reader) ?? reader.optional("HEDERA_PRIVATE_KEY_FILE");
  if (inline !== undefined && path !== undefined) {
    reader.problem("HEDERA_PRIVATE_KEY", "is set beside HEDERA_PRIVATE_KEY_FILE", "Set one of the two.");
    return undefined;
  }
  if (inline !== undefined) return { variable: "HEDERA_PRIVATE_KEY", hex: new Secret(inline) };
  if (path === undefined) {
    reader.problem(
      "HEDERA_PRIVATE_KEY",
      "is not set",
      "Set it to the account's private key in hex, or HEDERA_PRIVATE_KEY_FILE to a file with it.",
    );
    return undefined;
  }
  try {
    return { variable: "HEDERA_PRIVATE_KEY_FILE", hex: new Secret(readFileSync(path, "utf8").trim()) };
  } catch {
    const fix =
      "Make it the path of a file that this user may read; a unit gets it as a credential, from bun run deploy.";
    reader.problem("HEDERA_PRIVATE_KEY_FILE", "names a file that can't be read", fix);
    return undefined;
  }
}

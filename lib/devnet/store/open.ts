import { Database } from "bun:sqlite";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeError, FestError } from "../../hedera/error.ts";
import { JOURNAL_DDL } from "./journal.ts";
import { INDEXES, TABLES } from "./schema.ts";

/** The version of the tables in `schema.ts`; a file of another version is refused. */
const VERSION = 1n;
const CACHE_KIB = 16 * 1024;

/**
 * Opens (or creates) the store's database.
 *
 * A named file belongs to one process at a time, is written through a
 * write-ahead log, and survives `kill -9`. Without a name the database is a
 * temporary file that is unlinked at once: a million messages stay out of the
 * process's memory, and nothing is left behind however it ends.
 *
 * @throws FestError `STORE_IN_USE`, `STORE_VERSION`
 */
export function openDatabase(file: string | null): Database {
  if (file === null) return openTemporary();
  mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file, { create: true, safeIntegers: true, strict: true });
  try {
    db.run("PRAGMA locking_mode = EXCLUSIVE");
    db.run("PRAGMA journal_mode = WAL");
    db.run("PRAGMA synchronous = NORMAL");
    prepare(db, file);
  } catch (error) {
    db.close();
    if (error instanceof FestError) throw error;
    throw new FestError("STORE_IN_USE", `${file} cannot be opened: ${describeError(error)}`, {
      cause: error,
      fix: "Stop the other devnet that uses this directory, or choose another.",
    });
  }
  return db;
}

/** Opens a database in memory that starts as a copy of another, given in bytes. */
export function openCopy(bytes: Uint8Array): Database {
  return Database.deserialize(bytes, { safeIntegers: true, strict: true });
}

function openTemporary(): Database {
  const directory = mkdtempSync(join(tmpdir(), "fest-devnet-"));
  const db = new Database(join(directory, "ledger.db"), { create: true, safeIntegers: true, strict: true });
  db.run("PRAGMA journal_mode = MEMORY");
  db.run("PRAGMA synchronous = OFF");
  prepare(db, directory);
  rmSync(directory, { recursive: true });
  return db;
}

function prepare(db: Database, file: string): void {
  db.run(`PRAGMA cache_size = -${CACHE_KIB}`);
  const version = db.query<{ user_version: bigint }, []>("PRAGMA user_version").get()?.user_version ?? 0n;
  if (version !== 0n && version !== VERSION) {
    throw new FestError("STORE_VERSION", `${file} was written by another version of devnet`, {
      fix: "Start with an empty data directory.",
    });
  }
  db.transaction(() => {
    for (const table of TABLES) db.run(table.ddl);
    db.run(JOURNAL_DDL);
    for (const index of INDEXES) db.run(index);
    db.run(`PRAGMA user_version = ${VERSION}`);
  })();
}

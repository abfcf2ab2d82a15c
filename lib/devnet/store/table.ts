import type { Column, SqlValue } from "./column.ts";

/** A table whose rows are values of type `Row`: one column a field. */
export interface Table<Row> {
  readonly name: string;
  /** `CREATE TABLE IF NOT EXISTS ...` */
  readonly ddl: string;
  /** `INSERT OR REPLACE ...`, to be run with {@link Table.values}. */
  readonly put: string;
  /** `SELECT` of every column, without conditions. */
  readonly select: string;
  values(row: Row): SqlValue[];
  /** Reads a row that {@link Table.select} gave. @throws FestError `STORE_CORRUPT` */
  read(raw: Record<string, unknown>): Row;
}

/**
 * Defines a table from its columns. A single-column key becomes SQLite's rowid
 * (so a table in consensus order is also stored in it); a key of several
 * columns makes a clustered table without rowid.
 */
export function defineTable<Row extends object>(
  name: string,
  key: readonly (keyof Row & string)[],
  columns: { readonly [K in keyof Row & string]: Column<Row[K]> },
): Table<Row> {
  const names = Object.keys(columns).filter((column): column is keyof Row & string => column in columns);
  const single = key.length === 1 ? key[0] : undefined;
  const definitions = names.map((column) => {
    const { type, nullable } = columns[column];
    return `"${column}" ${type}${nullable ? "" : " NOT NULL"}${column === single ? " PRIMARY KEY" : ""}`;
  });
  if (single === undefined) definitions.push(`PRIMARY KEY (${quoted(key)})`);
  const options = single === undefined ? "STRICT, WITHOUT ROWID" : "STRICT";
  return {
    name,
    ddl: `CREATE TABLE IF NOT EXISTS "${name}" (${definitions.join(", ")}) ${options}`,
    put: `INSERT OR REPLACE INTO "${name}" (${quoted(names)}) VALUES (${names.map(() => "?").join(", ")})`,
    select: `SELECT ${quoted(names)} FROM "${name}"`,
    values: (row) => names.map((column) => columns[column].write(row[column])),
    read(raw) {
      const row: Partial<Row> = {};
      for (const column of names) row[column] = columns[column].read(raw[column]);
      // Every column of Row has been read, which the type of `columns` demands.
      return row as Row;
    },
  };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

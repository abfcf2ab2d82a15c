import type { SqlValue } from "../store/column.ts";
import type { Filter, Operator } from "./parameters.ts";

const SQL_OPERATORS: Readonly<Record<Operator, string>> = {
  eq: "=",
  ne: "<>",
  gt: ">",
  gte: ">=",
  lt: "<",
  lte: "<=",
};

/** A `WHERE` clause under construction: terms that must all hold, and the values for their question marks. */
export class Conditions {
  readonly #terms: string[] = [];
  readonly values: SqlValue[] = [];

  /** Adds a term. */
  add(sql: string, ...values: readonly SqlValue[]): this {
    this.#terms.push(sql);
    this.values.push(...values);
    return this;
  }

  /** Adds filters that must all hold. */
  all(column: string, filters: readonly Filter<SqlValue>[]): this {
    for (const { operator, value } of filters) this.add(`${column} ${SQL_OPERATORS[operator]} ?`, value);
    return this;
  }

  /** Adds filters of which the equalities are alternatives, as for ids. */
  some(column: string, filters: readonly Filter<SqlValue>[]): this {
    const equal = filters.filter(({ operator }) => operator === "eq").map(({ value }) => value);
    if (equal.length > 0) this.in(column, equal);
    return this.all(
      column,
      filters.filter(({ operator }) => operator !== "eq"),
    );
  }

  /** Adds that a column has one of some values. */
  in(column: string, values: readonly SqlValue[]): this {
    return this.add(`${column} IN (${values.map(() => "?").join(", ")})`, ...values);
  }

  /** `WHERE ...`, or nothing where there is no term. */
  get where(): string {
    return this.#terms.length === 0 ? "" : `WHERE ${this.#terms.join(" AND ")}`;
  }
}

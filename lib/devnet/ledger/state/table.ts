/** One entity that changed since a savepoint. */
export interface Touched<Id, Entity> {
  readonly id: Id;
  /** Before the savepoint; undefined where it did not exist. */
  readonly before: Entity | undefined;
  readonly after: Entity;
}

/**
 * Entities by id, with savepoints. Entities are immutable: a change puts a new
 * version, and a savepoint only remembers the versions that it replaced, so
 * that a transaction that fails costs what it touched and leaves no trace.
 */
export class Table<Id extends string, Entity> {
  readonly #entities = new Map<Id, Entity>();
  /** What each open savepoint would restore, the outermost first; null until something changes. */
  readonly #savepoints: (Map<Id, Entity | undefined> | null)[] = [];

  /** Everything in the table; do not change it. */
  get entities(): ReadonlyMap<Id, Entity> {
    return this.#entities;
  }

  get(id: Id): Entity | undefined {
    return this.#entities.get(id);
  }

  put(id: Id, entity: Entity): void {
    const top = this.#savepoints.length - 1;
    if (top >= 0) {
      let savepoint = this.#savepoints[top];
      if (!savepoint) {
        savepoint = new Map();
        this.#savepoints[top] = savepoint;
      }
      if (!savepoint.has(id)) savepoint.set(id, this.#entities.get(id));
    }
    this.#entities.set(id, entity);
  }

  /** Removes an entity for good; only outside of savepoints, for what time has expired. */
  purge(id: Id): void {
    this.#entities.delete(id);
  }

  /** Takes over everything that another table holds; only outside of savepoints. */
  copy(other: Table<Id, Entity>): void {
    for (const [id, entity] of other.#entities) this.#entities.set(id, entity);
  }

  /** Opens a savepoint. */
  begin(): void {
    this.#savepoints.push(null);
  }

  /** Closes the innermost savepoint and keeps its changes. */
  commit(): void {
    const savepoint = this.#savepoints.pop();
    const parent = this.#savepoints.length - 1;
    if (!savepoint || parent < 0) return;
    const outer = this.#savepoints[parent];
    if (!outer) this.#savepoints[parent] = savepoint;
    else for (const [id, before] of savepoint) if (!outer.has(id)) outer.set(id, before);
  }

  /** Closes the innermost savepoint and undoes its changes. */
  rollback(): void {
    for (const [id, before] of this.#savepoints.pop() ?? []) {
      if (before === undefined) this.#entities.delete(id);
      else this.#entities.set(id, before);
    }
  }

  /** What changed since savepoint number `level` (0 is the outermost) was opened. */
  touchedSince(level: number): Touched<Id, Entity>[] {
    const touched: Touched<Id, Entity>[] = [];
    const earliest = this.#earliestSince(level);
    if (!earliest) return touched;
    for (const [id, before] of earliest) {
      const after = this.#entities.get(id);
      if (after !== undefined && after !== before) touched.push({ id, before, after });
    }
    return touched;
  }

  /** The versions that savepoint number `level` would restore; null where nothing has changed since. */
  #earliestSince(level: number): ReadonlyMap<Id, Entity | undefined> | null {
    let earliest: Map<Id, Entity | undefined> | null = null;
    let isShared = true;
    for (let i = level; i < this.#savepoints.length; i++) {
      const savepoint = this.#savepoints[i];
      if (!savepoint) continue;
      if (!earliest) {
        earliest = savepoint;
        continue;
      }
      if (isShared) earliest = new Map(earliest);
      isShared = false;
      for (const [id, before] of savepoint) if (!earliest.has(id)) earliest.set(id, before);
    }
    return earliest;
  }
}

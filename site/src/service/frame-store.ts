/** Tells when the next picture is due. */
export type Schedule = (callback: () => void) => void;

/** With the next frame, or soon where there are none because nobody looks. */
export const nextFrame: Schedule = (callback) => {
  if (document.hidden) setTimeout(callback, 250);
  else requestAnimationFrame(callback);
};

/** One immutable value that changes, and tells its listeners at most once a frame. */
export class FrameStore<T extends object> {
  #value: T;
  #due = false;
  readonly #listeners = new Set<(value: T) => void>();
  readonly #schedule: Schedule;

  constructor(initial: T, schedule: Schedule = nextFrame) {
    this.#value = initial;
    this.#schedule = schedule;
  }

  /** The value, changes that nobody was told yet included. */
  get value(): T {
    return this.#value;
  }

  /** Puts a new value with these fields changed in the old one's place. */
  change(changes: Partial<T>): void {
    this.#value = { ...this.#value, ...changes };
    if (this.#due) return;
    this.#due = true;
    this.#schedule(() => {
      this.#due = false;
      for (const listener of [...this.#listeners]) listener(this.#value);
    });
  }

  /** Calls `listener` after changes, until the returned function is called. */
  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

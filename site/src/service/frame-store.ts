/** Tells when the next picture is due. */
export type Schedule = (callback: () => void) => void;

/** Between two pictures, in milliseconds: while much arrives it is more often than anybody reads. */
const PICTURE_MS = 80;

/** With the next frame, or soon: after the last picture has been looked at, or where nobody looks. */
export function pictures(): Schedule {
  let last = Number.NEGATIVE_INFINITY;
  return (callback) => {
    const show = () => {
      last = performance.now();
      callback();
    };
    const wait = document.hidden ? 250 : last + PICTURE_MS - performance.now();
    if (wait > 0) setTimeout(show, wait);
    else requestAnimationFrame(show);
  };
}

/** One immutable value that changes, and tells its listeners at most once a frame. */
export class FrameStore<T extends object> {
  #value: T;
  #due = false;
  readonly #listeners = new Set<(value: T) => void>();
  readonly #schedule: Schedule;

  constructor(initial: T, schedule: Schedule = pictures()) {
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

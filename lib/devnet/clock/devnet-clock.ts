import { FestError } from "../../hedera/error.ts";
import { NANOS_PER_SECOND, type Timestamp } from "../../hedera/timestamp.ts";
import { type Clock, systemClock, timerMillis } from "./clock.ts";

/** How a {@link DevnetClock} starts. */
export interface ClockOptions {
  /** The time that it starts at; default the machine's. */
  readonly start?: Timestamp | undefined;
  /** Seconds of its own in one of the machine's: 1 unless given, 0 for a frozen clock, 60 for a minute a second. */
  readonly speed?: number | undefined;
  /** What it takes for the machine's clock; default that. */
  readonly machine?: (() => Timestamp) | undefined;
}

/** Where a {@link DevnetClock} stands against the machine's: enough to go on as if nobody had touched it since. */
export interface ClockSetting {
  /** A time of the machine's, and this clock's at that moment. */
  readonly machine: Timestamp;
  readonly own: Timestamp;
  /** Thousandths of a second of its own in a thousandth of the machine's, times 1000. */
  readonly perMille: bigint;
}

/** Something that has to be done at a time which may change. */
export interface Alarm {
  /** When; asked whenever the clock looks ahead. */
  at(): Timestamp;
  /** Does it; from then on `at` is later. */
  ring(): void;
}

/** What the outside may do with a {@link DevnetClock}. */
export type ClockControl = Pick<
  DevnetClock,
  "now" | "speed" | "freeze" | "resume" | "accelerate" | "advance"
>;

interface Sleeper {
  readonly due: Timestamp;
  readonly wake: () => void;
}

/** The longest wait that a timer can take. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const MAX_SPEED = 1_000_000;

/**
 * A clock that can be frozen, advanced and accelerated. Whoever sleeps by it
 * sleeps by its time: an hour's sleep is over when the clock was advanced by an
 * hour. It never goes back by itself; only `restore` may put it back.
 */
export class DevnetClock implements Clock {
  readonly #machineNow: () => Timestamp;
  #setting: ClockSetting;
  /** The latest time that it has shown: the machine's clock may be set back, and this one then waits. */
  #latest: Timestamp;
  /** The earliest first; of those due at one time, who came first. */
  readonly #sleepers: Sleeper[] = [];
  #alarm: Alarm | null = null;
  #timer: NodeJS.Timeout | null = null;
  #advancing: Promise<void> = Promise.resolve();

  /** @throws FestError `CLOCK_SPEED_INVALID` */
  constructor({ start, speed = 1, machine: machineNow = systemClock.now }: ClockOptions = {}) {
    const machine = machineNow();
    this.#machineNow = machineNow;
    this.#setting = { machine, own: start ?? machine, perMille: perMilleOf(speed) };
    this.#latest = this.#setting.own;
  }

  now(): Timestamp {
    const { machine, own, perMille } = this.#setting;
    const now = own + ((this.#machineNow() - machine) * perMille) / 1000n;
    if (now > this.#latest) this.#latest = now;
    return this.#latest;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper: Sleeper = {
        due: this.now() + BigInt(Math.ceil(milliseconds)) * 1_000_000n,
        wake: () => {
          signal?.removeEventListener("abort", cancel);
          resolve();
        },
      };
      const cancel = () => {
        this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
        sleeper.wake();
        this.#arm();
      };
      signal?.addEventListener("abort", cancel);
      const later = this.#sleepers.findIndex(({ due }) => due > sleeper.due);
      this.#sleepers.splice(later === -1 ? this.#sleepers.length : later, 0, sleeper);
      this.#arm();
    });
  }

  /** Seconds of this clock in one of the machine's; 0 while it is frozen. */
  get speed(): number {
    return Number(this.#setting.perMille) / 1000;
  }

  /** Where it stands; see {@link restore}. */
  get setting(): ClockSetting {
    return this.#setting;
  }

  /** Stops the clock where it is; it can still be advanced. */
  freeze(): void {
    this.accelerate(0);
  }

  /** Lets it run at the machine's speed, from where it is. */
  resume(): void {
    this.accelerate(1);
  }

  /** Lets it run `factor` times as fast as the machine's, from where it is. @throws FestError `CLOCK_SPEED_INVALID` */
  accelerate(factor: number): void {
    const perMille = perMilleOf(factor);
    this.#setting = { machine: this.#machineNow(), own: this.now(), perMille };
    this.#arm();
  }

  /**
   * Moves the clock forward. What falls due on the way happens on the way, in
   * order and at its own time; when the promise resolves, it has happened.
   *
   * @throws FestError `CLOCK_ADVANCE_INVALID` for anything but whole seconds from 0 on
   */
  advance(seconds: number): Promise<void> {
    if (!Number.isSafeInteger(seconds) || seconds < 0) {
      throw new FestError("CLOCK_ADVANCE_INVALID", `a clock cannot be advanced by ${seconds} seconds`, {
        fix: "Give a whole number of seconds, 0 or more.",
      });
    }
    this.#advancing = this.#advancing.then(() =>
      this.#advanceTo(this.now() + BigInt(seconds) * NANOS_PER_SECOND),
    );
    return this.#advancing;
  }

  /** Puts the clock back to where it would be if nobody had touched it since `setting` was read. */
  restore(setting: ClockSetting): void {
    this.#setting = setting;
    this.#latest = setting.own;
    this.#arm();
  }

  /** Has `alarm` rung when its time comes; there is one at a time. */
  setAlarm(alarm: Alarm | null): void {
    this.#alarm = alarm;
    this.#arm();
  }

  /** Looks again at when the alarm is due. */
  rearm(): void {
    this.#arm();
  }

  /** Forgets the alarm and wakes up whoever sleeps, so that nothing is left waiting. */
  stop(): void {
    this.#alarm = null;
    for (const { wake } of this.#sleepers.splice(0)) wake();
    this.#arm();
  }

  async #advanceTo(target: Timestamp): Promise<void> {
    for (let next = this.#nextDue(); next !== null && next <= target; next = this.#nextDue()) {
      this.#jump(next);
      this.#fire();
      // Whoever was woken up may have something to do before the next one is.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#jump(target);
    this.#alarm?.ring();
    this.#fire();
    await new Promise((resolve) => setImmediate(resolve));
  }

  #jump(to: Timestamp): void {
    const now = this.now();
    this.#setting = { ...this.#setting, machine: this.#machineNow(), own: to > now ? to : now };
  }

  #nextDue(): Timestamp | null {
    const sleeper = this.#sleepers[0]?.due ?? null;
    const alarm = this.#alarm?.at() ?? null;
    if (sleeper === null || alarm === null) return sleeper ?? alarm;
    if (sleeper < alarm) return sleeper;
    return alarm;
  }

  #fire(): void {
    const now = this.now();
    if (this.#alarm !== null && this.#alarm.at() <= now) this.#alarm.ring();
    for (let first = this.#sleepers[0]; first !== undefined && first.due <= now; first = this.#sleepers[0]) {
      this.#sleepers.shift();
      first.wake();
    }
    this.#arm();
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const next = this.#nextDue();
    const { perMille } = this.#setting;
    const left = next === null ? 0n : next - this.now();
    if (next === null || (perMille === 0n && left > 0n)) return;
    const wait = left <= 0n ? 0 : timerMillis((left * 1000n) / perMille);
    this.#timer = setTimeout(() => this.#fire(), Math.min(wait, MAX_TIMER_MS));
  }
}

function perMilleOf(speed: number): bigint {
  const perMille = Math.round(speed * 1000);
  if (!(speed >= 0 && speed <= MAX_SPEED) || (speed > 0 && perMille === 0)) {
    throw new FestError("CLOCK_SPEED_INVALID", `a clock cannot run at ${speed} times the machine's speed`, {
      fix: `Give a number from 0.001 to ${MAX_SPEED}, or 0 for a frozen clock.`,
    });
  }
  return BigInt(perMille);
}

import { FestError } from "../hedera/error.ts";
import { formatTimestamp } from "../hedera/timestamp.ts";
import type { ClockSetting, DevnetClock } from "./clock/devnet-clock.ts";
import type { Ledger, LedgerSnapshot } from "./ledger/ledger.ts";
import type { Importer, ImporterSnapshot } from "./store/importer.ts";

/** What snapshots are taken of, and what is to be dropped when one comes back. */
export interface SnapshotsOptions {
  readonly ledger: Ledger;
  readonly importer: Importer;
  readonly clock: DevnetClock;
  /** Called after a revert, before anything else happens. */
  readonly onRevert: () => void;
}

/** A snapshot that can be reverted to. */
export interface SnapshotInfo {
  readonly id: string;
  /** When it was taken, by the network's clock: `seconds.nanoseconds`. */
  readonly taken: string;
}

interface Snapshot extends SnapshotInfo {
  readonly ledger: LedgerSnapshot;
  readonly importer: ImporterSnapshot;
  readonly clock: ClockSetting;
}

/**
 * Snapshots of a whole devnet: ledger, mirror, and the setting of the clock.
 * They live as long as the process. Transactions that are between `OK` and
 * consensus are no part of one.
 */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #snapshots = new Map<string, Snapshot>();
  #lastId = 0;

  constructor(options: SnapshotsOptions) {
    this.#options = options;
  }

  /** Takes a snapshot and returns its id. */
  take(): string {
    const { ledger, importer, clock } = this.#options;
    const id = String(++this.#lastId);
    const taken = formatTimestamp(clock.now());
    // The importer first: what it brings in by that is part of the ledger anyway.
    const snapshot = { importer: importer.snapshot(), ledger: ledger.snapshot(), clock: clock.setting };
    this.#snapshots.set(id, { id, taken, ...snapshot });
    return id;
  }

  /**
   * Goes back to a snapshot, as often as wanted; those taken after it are gone.
   * The clock goes on as if nobody had touched it since.
   *
   * @throws FestError `SNAPSHOT_UNKNOWN`
   */
  revert(id: string): void {
    const snapshot = this.#snapshots.get(id);
    if (snapshot === undefined) throw new FestError("SNAPSHOT_UNKNOWN", `there is no snapshot ${id}`);
    const { ledger, importer, clock, onRevert } = this.#options;
    // What waited at the snapshot waits for times that this clock must not be past.
    clock.restore(snapshot.clock);
    importer.revert(snapshot.importer);
    ledger.revert(snapshot.ledger);
    for (const later of this.#snapshots.keys()) if (Number(later) > Number(id)) this.#snapshots.delete(later);
    onRevert();
    clock.rearm();
  }

  /** The snapshots that there are, the oldest first. */
  get list(): readonly SnapshotInfo[] {
    return [...this.#snapshots.values()].map(({ id, taken }) => ({ id, taken }));
  }
}

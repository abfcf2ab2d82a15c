import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import { FestError } from "../../lib/hedera/error.ts";

const schema = z.object({
  version: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.+-]*$/),
  /** Of the sources, where they came from a clean checkout. */
  commit: z.string().nullable(),
  installed: z.iso.datetime(),
  /** When it passed smoke; null: never. */
  good: z.iso.datetime().nullable(),
  /** Whether its agents are single files. */
  compiled: z.boolean(),
});

/** What is known of an installed release. */
export type Release = z.output<typeof schema>;

/** Good releases that are kept besides the current one. */
const KEPT = 3;

/**
 * The releases below a folder: `releases/<version>` with the files,
 * `releases/<version>.json` with what is known of it, and `current`, a link.
 */
export class Releases {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** The link to the release that runs. */
  get link(): string {
    return join(this.root, "current");
  }

  /** Where a release's files lie. */
  folderOf(version: string): string {
    return join(this.root, "releases", version);
  }

  /** Every release that was installed whole, the oldest first. */
  async list(): Promise<readonly Release[]> {
    const folder = join(this.root, "releases");
    const names = existsSync(folder) ? await readdir(folder) : [];
    const found = await Promise.all(
      names.filter((name) => name.endsWith(".json")).map((name) => this.#read(join(folder, name))),
    );
    return found
      .filter((release) => existsSync(this.folderOf(release.version)))
      .sort((a, b) => (a.installed < b.installed ? -1 : 1));
  }

  /** A release by its version. @throws FestError `RELEASE_UNKNOWN` */
  async get(version: string): Promise<Release> {
    const known = await this.list();
    const found = known.find((release) => release.version === version);
    if (found !== undefined) return found;
    const versions = known.map((release) => release.version).join(", ") || "none";
    throw new FestError("RELEASE_UNKNOWN", `there is no release ${JSON.stringify(version)}`, {
      fix: `Installed are: ${versions}.`,
    });
  }

  /** The version that `current` leads to; null before the first. */
  async current(): Promise<string | null> {
    try {
      return basename(await readlink(this.link));
    } catch {
      return null;
    }
  }

  /** The newest good release, except for one. */
  async lastGood(except: string | null): Promise<Release | null> {
    const good = (await this.list()).filter(({ good, version }) => good !== null && version !== except);
    return good.sort((a, b) => ((a.good ?? "") < (b.good ?? "") ? -1 : 1)).at(-1) ?? null;
  }

  /** Keeps what is known of a release. */
  async save(release: Release): Promise<void> {
    const path = `${this.folderOf(release.version)}.json`;
    await writeFile(`${path}.new`, `${JSON.stringify(release, null, 2)}\n`);
    await rename(`${path}.new`, path);
  }

  /** A release as the newest known commit of its sources names it: they may have been committed after they were installed. */
  async name(release: Release, commit: string | null): Promise<Release> {
    if (commit === null || commit === release.commit) return release;
    const named = { ...release, commit };
    await this.save(named);
    return named;
  }

  /** Lets `current` lead to a release, from one moment to the next. */
  async activate(version: string): Promise<void> {
    await mkdir(this.root, { recursive: true });
    const draft = `${this.link}.new`;
    await rm(draft, { force: true });
    await symlink(join("releases", version), draft);
    await rename(draft, this.link);
  }

  /**
   * Removes what is no longer needed: all but the current release, the last good
   * ones, and those that `inUse` names.
   *
   * @returns the versions that are gone
   */
  async prune(inUse: ReadonlySet<string>): Promise<readonly string[]> {
    const current = await this.current();
    const all = await this.list();
    const good = all.filter((release) => release.good !== null && release.version !== current);
    const kept = new Set(
      good
        .sort((a, b) => ((a.good ?? "") < (b.good ?? "") ? -1 : 1))
        .slice(-KEPT)
        .map(({ version }) => version),
    );
    const gone = all.map(({ version }) => version);
    const pruned = gone.filter((version) => version !== current && !kept.has(version) && !inUse.has(version));
    for (const version of pruned) await this.remove(version);
    return pruned;
  }

  /** Removes a release. */
  async remove(version: string): Promise<void> {
    await rm(`${this.folderOf(version)}.json`, { force: true });
    await rm(this.folderOf(version), { recursive: true, force: true });
  }

  async #read(path: string): Promise<Release> {
    try {
      return schema.parse(JSON.parse(await readFile(path, "utf8")));
    } catch (cause) {
      throw new FestError("RELEASE_INVALID", `${path} is damaged`, {
        fix: "Remove it and deploy that version again.",
        cause,
      });
    }
  }
}

/** Boots a real systemd in a container of its own, with a network of its own, and runs commands in it. */
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { need, type Said } from "../deploy/command.ts";
import { cleanRoot } from "./root.ts";

const CLEAN_ENV = [
  "env",
  "-i",
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "HOME=/root",
  "LC_ALL=C.UTF-8",
];
const LOOK_MS = 100;
/** How systemd-nspawn ends when its container wants to be booted again. */
const REBOOT = 133;

/** A booted Debian. */
export class Container {
  /** Its root, as this machine sees it. */
  readonly root: string;
  readonly #folder: string;
  readonly #disks: readonly string[];
  readonly #argv: readonly string[];
  #nspawn: Bun.Subprocess;

  private constructor(folder: string, disks: readonly string[], argv: readonly string[]) {
    this.#folder = folder;
    this.#disks = disks;
    this.#argv = argv;
    this.root = join(folder, "root");
    this.#nspawn = this.#powerOn();
  }

  /**
   * @param readOnly folders of this machine, by where they are seen inside
   * @param disks sizes of small disks of their own, such as `64M`, by where they are seen inside
   */
  static async boot(
    readOnly: Readonly<Record<string, string>>,
    disks: Readonly<Record<string, string>> = {},
  ): Promise<Container> {
    const folder = await mkdtemp(join(tmpdir(), "fest-systemd-"));
    const root = join(folder, "root");
    await need(["cp", "-a", "--reflink=auto", await cleanRoot(), root]);
    await copyFile(process.execPath, join(root, "usr/local/bin/bun"));
    await chmod(join(root, "usr/local/bin/bun"), 0o755);
    await mkdir(join(root, "var/log/journal"), { recursive: true });
    const binds = Object.entries(readOnly).map(([inside, outside]) => `--bind-ro=${outside}:${inside}`);
    const mounted: string[] = [];
    for (const [index, [inside, size]] of Object.entries(disks).entries()) {
      const disk = join(folder, `disk${index}`);
      await mkdir(disk);
      await need(["mount", "-t", "tmpfs", "-o", `size=${size},mode=700`, "tmpfs", disk]);
      mounted.push(disk);
      binds.push(`--bind=${disk}:${inside}`);
    }
    const flags = ["--boot", "--register=no", "--keep-unit", "--private-network", "--console=pipe"];
    const argv = ["systemd-nspawn", "--quiet", "-D", root, ...flags, ...binds];
    const container = new Container(folder, mounted, argv);
    try {
      await container.booted();
      return container;
    } catch (error) {
      await container.stop();
      throw error;
    }
  }

  /** Waits until systemd has started everything. */
  async booted(): Promise<void> {
    await this.until("systemd to be up", async () => {
      const { out } = await this.run("systemctl", "is-system-running");
      return /running|degraded/.test(out);
    });
  }

  /** Runs a command inside, to its end, whatever that is. */
  async run(...argv: readonly string[]): Promise<Said> {
    const leader = await this.#leader();
    if (leader === null) return { code: -1, out: "", problem: "the container is down" };
    const child = Bun.spawn(
      ["nsenter", "-t", leader, "-m", "-u", "-i", "-n", "-p", "--", ...CLEAN_ENV, ...argv],
      {
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const [out, problem] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    return { code: await child.exited, out, problem };
  }

  /** The same for a command that has to succeed; its standard output. */
  async need(...argv: readonly string[]): Promise<string> {
    const { code, out, problem } = await this.run(...argv);
    if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${problem}${out}`);
    return out;
  }

  /** A shell's line inside. */
  sh(line: string): Promise<string> {
    return this.need("bash", "-c", line);
  }

  /** Writes a file inside. */
  async write(path: string, text: string, mode = 0o600): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), text, { mode });
  }

  /** Looks until something is so. @throws Error with what was waited for, after three minutes */
  async until(what: string, look: () => Promise<boolean>, seconds = 180): Promise<void> {
    const deadline = Date.now() + seconds * 1_000;
    while (!(await look())) {
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
      await Bun.sleep(LOOK_MS);
    }
  }

  /** Reboots, and waits until systemd is up again. */
  async reboot(): Promise<void> {
    await this.run("systemctl", "reboot");
    const code = await this.#nspawn.exited;
    if (code !== REBOOT) throw new Error(`the container ended with ${code} instead of a reboot`);
    this.#nspawn = this.#powerOn();
    await this.booted();
  }

  /** Powers it off and removes it. */
  async stop(): Promise<void> {
    await this.run("systemctl", "poweroff").catch(() => undefined);
    const force = setTimeout(() => this.#nspawn.kill("SIGTERM"), 20_000);
    const kill = setTimeout(() => this.#nspawn.kill("SIGKILL"), 30_000);
    await this.#nspawn.exited;
    clearTimeout(force);
    clearTimeout(kill);
    for (const disk of this.#disks) await need(["umount", disk]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #powerOn(): Bun.Subprocess {
    const nspawn = Bun.spawn([...this.#argv], { stdio: ["ignore", "ignore", "ignore"] });
    // A test run that is cut short leaves nothing running; its container's first process dies with nspawn.
    process.once("exit", () => nspawn.kill("SIGKILL"));
    return nspawn;
  }

  /** Process id of the container's first process. */
  async #leader(): Promise<string | null> {
    const children = Bun.spawnSync(["pgrep", "-P", String(this.#nspawn.pid)])
      .stdout.toString()
      .trim();
    return children.split("\n")[0] || null;
  }
}

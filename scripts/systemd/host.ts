/** What tests ask of a container on which fest-agents is deployed. */
import * as z from "zod";
import { PROPERTIES, readStates, type UnitState } from "../deploy/systemctl.ts";
import type { RawEntry } from "../testing/rest.ts";
import type { Container } from "./container.ts";

/** The agents' units. */
export const AGENTS = ["coordinator", "inference", "defi", "desk"].map(
  (name) => `fest-agent@${name}.service`,
);

const reportSchema = z.looseObject({
  ok: z.boolean(),
  version: z.string().optional(),
  previous: z.string().nullish(),
  returned: z.string().nullish(),
  healthyMs: z.number().nullish(),
  readyMs: z.number().nullish(),
  checks: z.array(z.looseObject({ name: z.string(), status: z.string(), message: z.string() })).default([]),
});

/** What `deploy`, `rollback` and `smoke` print with `--json`. */
export type Report = z.output<typeof reportSchema>;

/** A deployed container. */
export class FestHost {
  readonly container: Container;

  constructor(container: Container) {
    this.container = container;
  }

  /** Runs a command of a checkout and reads the object that it ends with. */
  async command(checkout: string, ...words: readonly string[]): Promise<Report> {
    const [script = "", ...flags] = words;
    const said = await this.container.run("bun", `${checkout}/scripts/${script}.ts`, "--json", ...flags);
    const last = said.out.trim().split("\n").at(-1) ?? "";
    const read = reportSchema.safeParse(JSON.parse(last || "null"));
    if (!read.success) throw new Error(`${words.join(" ")} said ${said.code}: ${said.problem}${said.out}`);
    if ((said.code === 0) !== read.data.ok) throw new Error(`exit code ${said.code} with ok ${read.data.ok}`);
    return read.data;
  }

  /** The state of units. */
  async units(...names: readonly string[]): Promise<readonly UnitState[]> {
    const flags = ["--timestamp=unix", `--property=${PROPERTIES.join(",")}`, "--"];
    return readStates(await this.container.need("systemctl", "show", ...flags, ...names));
  }

  /** The state of one unit. */
  async unit(name: string): Promise<UnitState> {
    const [state] = await this.units(name);
    if (state === undefined) throw new Error(`there is no ${name}`);
    return state;
  }

  /** Waits until every agent is up and has said nothing that it waits for. */
  async healthy(): Promise<void> {
    await this.container.until("every agent to be healthy", async () => {
      const units = await this.units(...AGENTS);
      return units.every(
        ({ active, busy, status }) => active === "active" && !busy && /^folded/.test(status),
      );
    });
  }

  /** Entries of the log, as the mirror node of the container has them. */
  async entries(): Promise<readonly RawEntry[]> {
    const script = "/src/scripts/systemd/print-log.ts";
    return JSON.parse(await this.container.need("bun", script, "/etc/fest-agents/host/fest.env"));
  }

  /** Waits until so many editions are committed, and returns the entries. */
  async committed(editions: number): Promise<readonly RawEntry[]> {
    let entries: readonly RawEntry[] = [];
    await this.container.until(`${editions} editions to be committed`, async () => {
      entries = await this.entries();
      return commitsOf(entries).length >= editions;
    });
    return entries;
  }
}

/** The commits in a log. */
export function commitsOf(entries: readonly RawEntry[]): readonly RawEntry[] {
  return entries.filter(({ type }) => type === "festival_commit");
}

/** Tasks that were paid more than once, by edition and task. */
export function paidTwice(entries: readonly RawEntry[]): readonly string[] {
  let edition = 0;
  const paid = entries.flatMap(({ type, task_id: task, payload }) => {
    if (type === "festival_plan") edition = payload.edition;
    return type === "payment_settled" ? [`${edition} ${task}`] : [];
  });
  return paid.filter((one, at) => paid.indexOf(one) !== at);
}

/** What processes said on stderr at level `warn` and above, and how often. */
export interface Complaint {
  readonly level: "warn" | "error" | "other";
  readonly agent: string;
  readonly message: string;
  readonly times: number;
  /** The first one, as it was said. */
  readonly first: string;
}

const ERROR_LEVEL = 50;

/** Collects log lines by what they say; memory is bounded by the number of different messages. */
export class Complaints {
  readonly #byMessage = new Map<string, Complaint>();

  /** Takes note of a line: pino's JSON, or whatever else a process wrote. */
  add(line: string): void {
    const found = parse(line);
    const key = `${found.level} ${found.agent} ${found.message}`;
    const before = this.#byMessage.get(key);
    this.#byMessage.set(key, { ...found, times: (before?.times ?? 0) + 1, first: before?.first ?? line });
  }

  /** All of them, most frequent first. */
  get all(): readonly Complaint[] {
    return [...this.#byMessage.values()].toSorted((a, b) => b.times - a.times);
  }

  /** How many lines of a level there were. */
  count(level: Complaint["level"]): number {
    return this.all.filter((one) => one.level === level).reduce((sum, { times }) => sum + times, 0);
  }
}

function parse(line: string): Pick<Complaint, "level" | "agent" | "message"> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = null;
  }
  if (typeof value !== "object" || value === null || !("level" in value)) {
    return { level: "other", agent: "", message: line.replaceAll(/\d+/g, "N").slice(0, 200) };
  }
  const agent = "name" in value ? String(value.name) : "";
  const message = "msg" in value ? String(value.msg) : "";
  return { level: Number(value.level) >= ERROR_LEVEL ? "error" : "warn", agent, message };
}

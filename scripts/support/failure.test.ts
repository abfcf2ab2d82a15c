import { describe, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FestError } from "../../lib/hedera/error.ts";
import { MirrorUnavailable } from "../../lib/mirror/error.ts";
import { describeFailure } from "./failure.ts";

const AWAY = new MirrorUnavailable("http://127.0.0.1:1 could not be reached");

describe("what is said of a failure", () => {
  test("says what to do, once", () => {
    const error = new FestError("LOG_MISSING", "no log is named", { fix: "Give --log." });
    expect(describeFailure(error)).toBe("no log is named. Give --log.");
    expect(describeFailure(new FestError("ANY", "it is broken"))).toBe("it is broken");
  });

  test("says of a mirror node that is away how to have one, and of one that is busy nothing", () => {
    expect(describeFailure(AWAY)).toContain("could not be reached. See that the address is right");
    expect(describeFailure(new MirrorUnavailable("it answered 503", { status: 503 }))).toBe(
      "it answered 503",
    );
  });

  test("says of the operating system's refusals what to name instead, also where they are a cause", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fest-failure-"));
    const cause = await writeFile(folder, "").catch((error: unknown) => error);
    await rm(folder, { recursive: true });
    const error = new FestError("PROOF_UNREADABLE", "the proof cannot be read", { cause });
    for (const one of [cause, error]) expect(describeFailure(one)).toEndWith("Name a file, not a folder.");
  });

  test("ends a question as one", () => {
    const taken = Object.assign(new Error("Is port 80 in use?"), { code: "EADDRINUSE" });
    expect(describeFailure(taken)).toBe(
      "Is port 80 in use? Stop what listens there, or choose another port.",
    );
  });
});

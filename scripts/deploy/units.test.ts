import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { installUnits, renderUnits, standInOf } from "./units.ts";

const PROJECT = resolve(import.meta.dir, "../..");
const HERE = { root: "/srv/fest", config: "/srv/etc", systemd: 252, compiled: false, commit: null };
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fest-units-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a release's units", () => {
  test("name this host's folders, and no other", async () => {
    const units = await renderUnits(PROJECT, HERE);
    expect(units.get("fest-agent@.service")).toMatch(
      /^ExecStart=\/srv\/fest\/current\/bin\/bun agents\/\$\{FEST_ROLE\}\.ts$/m,
    );
    for (const text of units.values()) expect(text).not.toMatch(/\/(opt|etc)\/fest-agents/);
  });

  test("are all in the sandbox, restart for ever or run by a timer, and give each agent one key", async () => {
    const units = await renderUnits(PROJECT, HERE);
    expect(units.has("fest-.service.d/10-sandbox.conf")).toBe(true);
    const keys = [...units].filter(([, text]) => /^LoadCredential/m.test(text)).map(([name]) => name);
    expect(keys).toEqual(["fest-agent@.service"]);
    for (const [name, text] of units) {
      if (!name.endsWith(".service")) continue;
      expect(text).toMatch(/^(Restart=always|Type=oneshot|Type=notify)$/m);
      expect(text).toMatch(/^MemoryMax=/m);
      expect(text).toMatch(/^TasksMax=/m);
    }
  });

  test("have systemd wait longer after each crash where it can, and single files where there are", async () => {
    const steps = "fest-agent@.service.d/20-restart-steps.conf";
    expect((await renderUnits(PROJECT, HERE)).has(steps)).toBe(false);
    const newer = await renderUnits(PROJECT, { ...HERE, systemd: 254, compiled: true });
    expect(newer.get(steps)).toContain("RestartSteps=");
    expect(newer.get("fest-agent@.service.d/30-compiled.conf")).toMatch(
      /\/srv\/fest\/current\/bin\/\$\{FEST_ROLE\}$/m,
    );
  });

  test("give each agent, and whoever stands in for it, the commit of the release, where it is known", async () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const units = await renderUnits(PROJECT, { ...HERE, commit });
    const agent = units.get("fest-agent@.service") ?? "";
    for (const text of [agent, standInOf(agent, "/srv/fest/releases/2", "/srv/fest/current")]) {
      expect(text).toMatch(new RegExp(`^\\[Service\\]\n(.*\n)*Environment=FEST_GIT_COMMIT=${commit}$`, "m"));
    }
    const unnamed = await renderUnits(PROJECT, HERE);
    expect([...unnamed.values()].filter((text) => text.includes("FEST_GIT_COMMIT"))).toEqual([]);
  });

  test("replace those of the release before, and leave the administrator's alone", async () => {
    const own = join(folder, "fest-agent@.service.d-own.conf");
    writeFileSync(own, "mine");
    expect(
      await installUnits(
        new Map([
          ["a", "1"],
          ["d/b", "2"],
        ]),
        [],
        folder,
      ),
    ).toBe(true);
    expect(
      await installUnits(
        new Map([
          ["a", "1"],
          ["d/b", "2"],
        ]),
        ["a", "d/b"],
        folder,
      ),
    ).toBe(false);
    expect(await installUnits(new Map([["a", "3"]]), ["a", "d/b"], folder)).toBe(true);
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("3");
    expect(existsSync(join(folder, "d/b"))).toBe(false);
    expect(readFileSync(own, "utf8")).toBe("mine");
  });
});

describe("a stand-in", () => {
  test("is the same agent of the new release, without port, alarm or limit of its own", async () => {
    const agent = (await renderUnits(PROJECT, HERE)).get("fest-agent@.service") ?? "";
    const standIn = standInOf(agent, "/srv/fest/releases/2", "/srv/fest/current");
    expect(standIn).toMatch(/^ExecStart=\/srv\/fest\/releases\/2\/bin\/bun agents\/\$\{FEST_ROLE\}\.ts$/m);
    expect(standIn).toContain("UnsetEnvironment=FEST_HEALTH_PORT");
    expect(standIn).toContain("Restart=no");
    expect(standIn).toContain("LoadCredential=hedera-key:fest-agent-%i.key");
    expect(standIn).not.toMatch(/^(PartOf|OnFailure|StartLimit\w+|WantedBy|RuntimeDirectory\w*)=/m);
    expect(standIn).not.toContain("/srv/fest/current");
  });
});

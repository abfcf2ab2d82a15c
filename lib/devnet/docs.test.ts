import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { controlApp } from "./control/control.ts";
import { startUnderTest } from "./devnet-fixture.ts";
import { FAULTS } from "./fault/fault.ts";

const PAGE = readFileSync(new URL("../../docs/devnet.md", import.meta.url), "utf8");
/** The rows of the table under a heading, with their cells. */
const rowsUnder = (heading: string): string[][] => {
  const section = PAGE.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};
const codes = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

describe("docs/devnet.md", () => {
  test("lists every fault with its parameters", () => {
    const listed = rowsUnder("Faults").map(([kind, parameters]) => [
      codes(kind)[0],
      codes(parameters).sort(),
    ]);
    const known = Object.entries(FAULTS).map(([kind, schema]) => {
      return [
        kind,
        Object.keys(schema.shape)
          .filter((name) => name !== "kind")
          .sort(),
      ];
    });
    expect(listed).toEqual(known);
  });

  test("lists every request of the control endpoint", async () => {
    const { devnet } = await startUnderTest();
    const controlled = { clock: devnet.clock, faults: devnet.faults, snapshots: [] };
    const app = controlApp({ ...controlled, snapshot: devnet.snapshot, revert: devnet.revert });
    const known = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`);
    const listed = rowsUnder("Control endpoint").flatMap(([requests]) => codes(requests));
    expect(listed.map((request) => request.replace("<id>", ":id")).sort()).toEqual(known.sort());
  });

  test("lists every option of the command line", () => {
    const help = Bun.spawnSync([process.execPath, "scripts/devnet.ts", "--help"], {
      cwd: `${import.meta.dir}/../..`,
    });
    const known = [...help.stdout.toString().matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name]) => name);
    const listed = rowsUnder("On the command line").flatMap(([options]) =>
      codes(options).map((option) => option.split(" ")[0]),
    );
    expect([...listed, "--help"].sort()).toEqual(known.sort());
  });
});

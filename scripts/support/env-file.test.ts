import { expect, test } from "bun:test";
import { parseEnvFile } from "./env-file.ts";

test("an environment file has comments, blank lines and quotes, and values with = in them", () => {
  const lines = ["# a comment", "; another", "", "FEST_LOG=0.0.5", "A = ", 'B="two words"', "C='x'", "D=a=b"];
  expect(parseEnvFile(lines.join("\r\n"))).toEqual({
    env: { FEST_LOG: "0.0.5", B: "two words", C: "x", D: "a=b" },
    badLines: [5],
  });
});

test("the last of two values counts, and what begins with a digit is no name", () => {
  expect(parseEnvFile("A=1\n9A=2\nA=3\n")).toEqual({ env: { A: "3" }, badLines: [2] });
});

import { expect, test } from "bun:test";
import { inspect } from "node:util";
import { REDACTED, Secret } from "./secret.ts";

const TEXT = "302e020100300506032b657004220420aa";
const secret = new Secret(TEXT);

test("a secret shows itself in no way that text comes about by accident", () => {
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify({ url: secret }),
    inspect({ deep: { secret } }),
    Bun.inspect([secret]),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify({ ...secret }),
    new Error(`it is ${secret}`, { cause: secret }).message,
  ];
  for (const text of shown) expect(text).not.toContain(TEXT);
  expect(shown[0]).toBe(REDACTED);
});

test("a secret is revealed where it is asked to", () => {
  expect(secret.reveal()).toBe(TEXT);
});

import { expect, test } from "bun:test";
import { overheard } from "./overheard.ts";

test("an answer is told to the listener and comes through whole, status and headers too", async () => {
  const heard: (readonly [string, number, string])[] = [];
  const ask = overheard(
    async () => new Response('{"hbar":1}', { status: 206, headers: { "x-from": "mirror" } }),
    (url, status, text) => heard.push([url.pathname, status, text]),
  );
  const answer = await ask("https://mirror.example/api/v1/blocks?limit=1", {});
  expect(heard).toEqual([["/api/v1/blocks", 206, '{"hbar":1}']]);
  expect([answer.status, answer.headers.get("x-from")]).toEqual([206, "mirror"]);
  expect(await answer.text()).toBe('{"hbar":1}');
});

test("what was not answered is not heard", async () => {
  const ask = overheard(
    () => Promise.reject(new Error("away")),
    () => {
      throw new Error("heard something");
    },
  );
  await expect(ask("https://mirror.example/", {})).rejects.toThrow("away");
});

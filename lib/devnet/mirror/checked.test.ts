import { describe, expect, test } from "bun:test";
import { CheckedAnswers, OPENAPI_VARIABLE } from "./checked.ts";
import { loadOpenApi } from "./openapi.ts";

const file = process.env[OPENAPI_VARIABLE];
const request = (path: string) => new Request(`http://127.0.0.1/api/v1${path}`);

test("the processes of a test run check their answers where the specification is at hand", () => {
  expect(file !== undefined).toBe(loadOpenApi() !== null);
  const inherited = Bun.spawnSync([process.execPath, "-e", `console.log(process.env.${OPENAPI_VARIABLE})`], {
    env: process.env,
  });
  expect(inherited.stdout.toString().trim()).toBe(String(file));
});

describe.skipIf(file === undefined)("an answer of the REST API", () => {
  const supply = { released_supply: "1", timestamp: "1.000000001", total_supply: "5" };

  test("passes where the specification allows it", async () => {
    const checked = new CheckedAnswers(file ?? "");
    const response = await checked.wrap(() => Response.json(supply))(request("/network/supply"));
    expect([response.status, await response.json()]).toEqual([200, supply]);
    checked.assertAllowed();
  });

  test.each([
    ["a missing field", "/network/stake", 200, { stake_total: 1 }],
    ["a field of another type", "/network/supply", 200, { ...supply, total_supply: 5 }],
    ["a field too many", "/network/supply", 200, { ...supply, extra: 1 }],
    ["a status that it does not know", "/network/supply", 418, supply],
    ["a path that it does not know", "/weather", 200, {}],
  ])("with %s becomes a 500, and fails who asks at the end", async (_, path, status, body) => {
    const checked = new CheckedAnswers(file ?? "");
    const response = await checked.wrap(() => Response.json(body, { status }))(request(path));
    expect(response.status).toBe(500);
    expect(() => checked.assertAllowed()).toThrow(`GET /api/v1${path}`);
  });
});

import { afterAll, beforeAll, describe, setDefaultTimeout, test } from "bun:test";
import { addSeconds, fromMillis } from "../../lib/hedera/timestamp.ts";
import type { DoctorOptions } from "./doctor.ts";
import { expectSaid } from "./testing/faults.ts";
import { ROOMY, Ward } from "./testing/ward.ts";

setDefaultTimeout(120_000);

let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
});
afterAll(() => ward?.close());

const HOUR = 3_600;

/** What the machine is said to be like. */
const FAULTS: readonly [fault: string, name: string, says: string, options: Partial<DoctorOptions>][] = [
  ["a clock that is ahead", "clock", "ahead of", { now: () => addSeconds(fromMillis(Date.now()), HOUR) }],
  ["a clock that is behind", "clock", "behind", { now: () => addSeconds(fromMillis(Date.now()), -HOUR) }],
  ["an old systemd", "systemd", "older than 252", { host: { ...ROOMY, systemd: () => 247 } }],
  ["an old Bun", "bun", "older than 1.4.5", { host: { ...ROOMY, bun: "1.4.1" } }],
  ["a full disk", "disk", "3 MB", { host: { ...ROOMY, diskFree: () => 3n << 20n } }],
  ["no memory", "memory", "40 MB", { host: { ...ROOMY, memoryAvailable: () => 40n << 20n } }],
];

describe("doctor finds, of the machine,", () => {
  test.each(FAULTS)("%s", async (_, name, says, options) => {
    expectSaid(await ward.see(ward.healthy, options), name, says);
  });
});

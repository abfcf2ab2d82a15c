import { expect, test } from "bun:test";
import { ed25519Signer, hbarTransfer, LedgerFixture, OPERATOR } from "../ledger/fixture.ts";
import { Arrivals } from "./arrivals.ts";

const fixture = new LedgerFixture();
const many = Array.from({ length: 40 }, () => ed25519Signer());
/** Takes long to check, and at once. */
const slow = fixture.transaction(hbarTransfer({ "0.0.2": 0n }), { signers: [OPERATOR, ...many] });
const quick = Buffer.from("no transaction");

test("transactions go on in the order in which they came, however long their signatures take", async () => {
  const arrivals = new Arrivals();
  const sizes: number[] = [];
  await new Promise<void>((resolve) => {
    for (const bytes of [slow, quick, slow, quick]) {
      arrivals.add(bytes, ({ signed }) => {
        if (sizes.push(signed?.pairs.length ?? 0) === 4) resolve();
      });
    }
  });
  expect(sizes).toEqual([41, 0, 41, 0]);
});

test("nothing goes on once it is closed", async () => {
  const arrivals = new Arrivals();
  let came = 0;
  arrivals.add(quick, () => came++);
  arrivals.close();
  await new Promise((resolve) => new Arrivals().add(slow, resolve));
  expect(came).toBe(0);
});

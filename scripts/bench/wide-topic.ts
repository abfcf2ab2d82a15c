/**
 * A devnet with one topic of as many messages as its argument says, filled in
 * this process: see `fillTopic`. Its clock goes a second a message while it is
 * filled, so that receipts are forgotten as they would be. One JSON object on
 * stdout when it is ready; it ends with the process that started it.
 */
import { startDevnet } from "../../lib/devnet/devnet.ts";
import { fillTopic } from "../../lib/devnet/load/fill.ts";
import { fromMillis, NANOS_PER_SECOND } from "../../lib/hedera/timestamp.ts";

const MESSAGE_EVERY = NANOS_PER_SECOND;
const SETTLE_MS = 3_000;

const messages = Number(process.argv[2]);
let time = fromMillis(Date.now());
const devnet = await startDevnet({ portBase: 0, now: () => time });
const now = () => {
  time += MESSAGE_EVERY;
  return time;
};
const topic = await fillTopic({ ledger: devnet.ledger, messages, now });
// The allocator gives back what the filling took only after a while.
Bun.gc(true);
await Bun.sleep(SETTLE_MS);
console.log(JSON.stringify({ mirror: devnet.network.mirror, topic }));
for (const event of ["disconnect", "SIGTERM"] as const) {
  process.once(event, async () => {
    await devnet.stop();
    process.exit(0);
  });
}

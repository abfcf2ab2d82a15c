/** Writes docs/transactions.md from the table that the tests run. */
import { ABSENT } from "../lib/devnet/ledger/status-table/absent.ts";
import { statusPage } from "../lib/devnet/ledger/status-table/page.ts";
import { STATUS_ROWS } from "../lib/devnet/ledger/status-table/status-table.ts";

await Bun.write(`${import.meta.dir}/../docs/transactions.md`, statusPage(STATUS_ROWS, ABSENT));

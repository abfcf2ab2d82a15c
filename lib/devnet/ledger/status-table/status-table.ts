import { ACCOUNT_ROWS } from "./account.ts";
import { ANY_ROWS } from "./any.ts";
import { BATCH_ROWS } from "./batch.ts";
import { HOLDING_ROWS } from "./holding.ts";
import type { StatusRow } from "./row.ts";
import { SCHEDULE_ROWS } from "./schedule.ts";
import { TOKEN_ROWS } from "./token.ts";
import { TOPIC_ROWS } from "./topic.ts";
import { TRANSFER_ROWS } from "./transfer.ts";

/** Every transaction with every status that it can end with here, each shown by a test. */
export const STATUS_ROWS: readonly StatusRow[] = [
  ...ANY_ROWS,
  ...ACCOUNT_ROWS,
  ...TRANSFER_ROWS,
  ...TOPIC_ROWS,
  ...TOKEN_ROWS,
  ...HOLDING_ROWS,
  ...SCHEDULE_ROWS,
  ...BATCH_ROWS,
];

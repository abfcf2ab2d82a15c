import * as z from "zod/mini";
import { longZeroNumber } from "../mirror/entity-number.ts";
import { matchesTopics } from "../mirror/log-query.ts";
import type { Store } from "../store/store.ts";
import type { LogEvent } from "./events.ts";
import { RPC_CODES, RpcError } from "./json-rpc.ts";

const Address = z.string().check(z.regex(/^0x[0-9a-fA-F]{40}$/));
const Topic = z.string().check(z.regex(/^0x[0-9a-fA-F]{64}$/));

const Filter = z.object({
  address: z.optional(z.union([Address, z.array(Address)])),
  topics: z.optional(z.array(z.union([Topic, z.null(), z.array(Topic)]))),
});

/** Which logs a subscription wants. */
export interface LogFilter {
  /** Null for any. */
  readonly address: string | null;
  /** Allowed values of each topic by position; empty for any. */
  readonly topics: readonly (readonly string[])[];
}

/**
 * Reads the second parameter of `eth_subscribe` for `logs`.
 *
 * @throws RpcError -32602 if it is malformed, names several addresses, or an address that is no token
 */
export function readLogFilter(store: Store, param: unknown): LogFilter {
  const filter = z.safeParse(Filter, param ?? {});
  if (!filter.success) throw invalid("Invalid parameter 1: The value passed is not a valid filter object");
  const { address, topics = [] } = filter.data;
  const addresses = typeof address === "string" ? [address] : (address ?? []);
  if (addresses.length > 1) throw invalid("Invalid parameter 1: Only one contract address is allowed");
  const [only = null] = addresses;
  if (only !== null && !isToken(store, only)) {
    throw invalid(
      `Invalid parameter 'filters.address': ${only} is not a valid contract or token type or does not exist`,
    );
  }
  const allowed = topics.map((topic) =>
    topic === null ? [] : [topic].flat().map((value) => value.toLowerCase()),
  );
  return { address: only?.toLowerCase() ?? null, topics: allowed };
}

/** Whether a filter selects a log. */
export function selects(filter: LogFilter, log: LogEvent): boolean {
  return (
    (filter.address === null || filter.address === log.address) && matchesTopics(log.topics, filter.topics)
  );
}

function isToken(store: Store, address: string): boolean {
  const number = longZeroNumber(Uint8Array.fromHex(address.slice(2)));
  return number !== null && store.raw('SELECT 1 FROM "token" WHERE "id" = ?', [number]).length > 0;
}

function invalid(message: string): RpcError {
  return new RpcError(RPC_CODES.invalidParams, message);
}

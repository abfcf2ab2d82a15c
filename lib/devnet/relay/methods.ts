import type { Store } from "../store/store.ts";
import { RPC_CODES, RpcError, type RpcHandler, type RpcRequest } from "./json-rpc.ts";

/** The chain id of every local Hedera network. */
export const CHAIN_ID = 298;

/** The methods that need nothing but the chain: those that HTTP and WebSocket share. */
export function chainMethods(store: Store): Readonly<Record<string, RpcHandler>> {
  return {
    eth_chainId: () => quantity(CHAIN_ID),
    net_version: () => CHAIN_ID.toString(),
    net_listening: () => true,
    eth_blockNumber: () => quantity(store.lastBlock?.number ?? 0n),
    web3_clientVersion: () => "relay/devnet",
  };
}

/** Calls a method of a registry. @throws RpcError -32601 for one that isn't in it */
export function dispatch(methods: Readonly<Record<string, RpcHandler>>, request: RpcRequest): unknown {
  const handler = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (handler === undefined) throw new RpcError(RPC_CODES.unsupported, "Unsupported JSON-RPC method");
  return handler(request);
}

/** A number as Ethereum writes it: hex without leading zeros. */
export function quantity(value: number | bigint): `0x${string}` {
  return `0x${value.toString(16)}`;
}

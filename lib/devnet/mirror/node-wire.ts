import { com, proto } from "@hiero-ledger/proto";
import { parseAccountId } from "../../hedera/id.ts";
import type { ConsensusNode } from "../../hedera/network.ts";
import { wireAccountId } from "../ledger/wire/id.ts";
import { fromLong, toLong } from "../ledger/wire/int64.ts";
import { StreamRefused } from "./topic-stream.ts";

/** The path of `getNodes`. */
export const GET_NODES = "/com.hedera.mirror.api.proto.NetworkService/getNodes";

const ADDRESS_BOOK_FILES: readonly bigint[] = [101n, 102n];

/**
 * The address book as protobuf `NodeAddress` messages, by node id, for a
 * protobuf `AddressBookQuery`.
 *
 * @throws StreamRefused if another file than 0.0.101 or 0.0.102 is asked for
 */
export function nodeAddresses(nodes: readonly ConsensusNode[], query: Uint8Array): Uint8Array[] {
  const { fileId, limit } = com.hedera.mirror.api.proto.AddressBookQuery.decode(query);
  const file = fromLong(fileId?.fileNum);
  if (!ADDRESS_BOOK_FILES.includes(file)) {
    throw new StreamRefused("INVALID_ARGUMENT", `0.0.${file} is not a valid address book file`);
  }
  const wanted = limit !== null && limit !== undefined && limit > 0 ? nodes.slice(0, limit) : nodes;
  return wanted.map((node, id) => proto.NodeAddress.encode(nodeAddress(node, id)).finish());
}

function nodeAddress({ account, address }: ConsensusNode, id: number): proto.INodeAddress {
  const [host = "", port = "0"] = address.split(":");
  return {
    nodeId: toLong(BigInt(id)),
    nodeAccountId: wireAccountId(parseAccountId(account)),
    description: "devnet",
    serviceEndpoint: [{ ipAddressV4: Uint8Array.from(host.split("."), Number), port: Number(port) }],
  };
}

import { Client as Connection, credentials } from "@grpc/grpc-js";
import { Client, type AccountId as SdkAccountId } from "@hashgraph/sdk";

/** The TLS port, where the SDK looks after the certificate itself. */
const TLS_PORT = ":50212";

const CONNECTION = {
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  "grpc.use_local_subchannel_pool": 1,
  "grpc.keepalive_time_ms": 100_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
};

/**
 * The SDK's client without three things that no setting switches off.
 *
 * - Its retry loop looks at `network`, where a node on 127.0.0.1:50211 turns
 *   every limit into 1,000 attempts (`Executable.execute`, `isLocalNode`).
 * - On INVALID_NODE_ACCOUNT it replaces the nodes by those of the mirror's
 *   address book that listen on port 50211.
 * - Its connections back off for up to 2 minutes, so that a node that was away
 *   for 30 s is missed for a minute, and two clients in a process share them, so
 *   that closing one cuts off the other (`NodeChannel`, `clientCache`).
 */
export class PlainClient extends Client {
  override get network(): Record<string, SdkAccountId> {
    return {};
  }

  override async updateNetwork(): Promise<this> {
    return this;
  }

  override _createNetworkChannel(): ReturnType<Client["_createNetworkChannel"]> {
    const create = super._createNetworkChannel();
    return (address) => {
      const channel = create(address);
      if (address.endsWith(TLS_PORT)) return channel;
      const connection = new Connection(address, credentials.createInsecure(), CONNECTION);
      channel._initializeClient = async () => {
        channel._client = connection;
      };
      channel.close = () => connection.close();
      return channel;
    };
  }
}

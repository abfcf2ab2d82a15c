import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { proto } from "@hiero-ledger/proto";
import type { AccountId } from "../../hedera/id.ts";
import type { Network } from "../../hedera/network.ts";
import { devnetNetwork } from "../../hedera/network.ts";

type Code = keyof typeof proto.ResponseCodeEnum;

/** What a scripted node was asked, and what it answers: the network's moods, one by one. */
export interface Script {
  /** The pre-check answer to the n-th transaction (from 0) that this node gets; null leaves it without an answer. */
  readonly precheck: (attempt: number) => Code | null;
  /** The answer to the n-th query for a receipt. */
  readonly receipt: (attempt: number) => Code;
}

/** A consensus node that answers by a script, for what a healthy network never says. */
export interface ScriptedNode {
  readonly account: AccountId;
  readonly address: string;
  /** The bytes (`SignedTransaction`) of every transaction that arrived. */
  readonly transactions: Uint8Array[];
  /** How many receipts were asked for. */
  receipts(): number;
  close(): void;
}

const SUBMIT = ["/proto.ConsensusService/submitMessage", "/proto.UtilService/atomicBatch"];
const RECEIPT = "/proto.CryptoService/getTransactionReceipts";

/** Starts a scripted node on the loopback interface; port 0, the default, is a free one. */
export async function startScriptedNode(account: AccountId, script: Script, at = 0): Promise<ScriptedNode> {
  const transactions: Uint8Array[] = [];
  let receipts = 0;
  const server = new Server();
  server.addService(serviceOf([...SUBMIT, RECEIPT]), {
    ...Object.fromEntries(
      SUBMIT.map((path) => [
        path,
        (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
          const code = script.precheck(transactions.length);
          transactions.push(proto.Transaction.decode(call.request).signedTransactionBytes);
          if (code !== null) answer(null, precheckResponse(code));
        },
      ]),
    ),
    [RECEIPT]: (_call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      answer(null, receiptResponse(script.receipt(receipts++)));
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${at}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    account,
    address: `127.0.0.1:${port}`,
    transactions,
    receipts: () => receipts,
    close: () => server.forceShutdown(),
  };
}

/** A network of scripted nodes. */
export function networkOfNodes(...nodes: readonly ScriptedNode[]): Network {
  return { ...devnetNetwork(), nodes: nodes.map(({ account, address }) => ({ account, address })) };
}

function serviceOf(paths: readonly string[]): ServiceDefinition {
  const bytes = (value: Buffer) => value;
  return Object.fromEntries(
    paths.map((path) => [
      path,
      {
        path,
        requestStream: false,
        responseStream: false,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    ]),
  );
}

function precheckResponse(code: Code): Buffer {
  const nodeTransactionPrecheckCode = proto.ResponseCodeEnum[code];
  return Buffer.from(proto.TransactionResponse.encode({ nodeTransactionPrecheckCode }).finish());
}

/** A node that doesn't know an id says so in the header; any other status is a receipt's. */
function receiptResponse(code: Code): Buffer {
  const unknown = code === "RECEIPT_NOT_FOUND";
  const status = proto.ResponseCodeEnum[code];
  return Buffer.from(
    proto.Response.encode({
      transactionGetReceipt: {
        header: { nodeTransactionPrecheckCode: unknown ? status : proto.ResponseCodeEnum.OK },
        receipt: { status },
      },
    }).finish(),
  );
}

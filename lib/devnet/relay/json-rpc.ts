import * as z from "zod/mini";

/** A JSON-RPC 2.0 request, as far as the relay needs it. */
export interface RpcRequest {
  readonly id: string | number | null;
  readonly method: string;
  readonly params: readonly unknown[];
}

const Request = z.object({
  id: z._default(z.union([z.string(), z.number(), z.null()]), null),
  method: z.string(),
  params: z._default(z.array(z.unknown()), []),
});

/** An error of JSON-RPC, with its code. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The codes that the relay refuses with. */
export const RPC_CODES = {
  parse: -32700,
  invalidRequest: -32600,
  unsupported: -32601,
  invalidParams: -32602,
  tooManySubscriptions: -32608,
} as const;

/** What handles one request: a result that JSON can say, or an {@link RpcError}. */
export type RpcHandler = (request: RpcRequest) => unknown;

/** Answers a JSON-RPC text, one request or a batch of them, with a JSON text. */
export function answer(text: string, handle: RpcHandler): string {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return JSON.stringify(errorOf(null, new RpcError(RPC_CODES.parse, "Unable to parse JSON RPC request")));
  }
  if (!Array.isArray(message)) return JSON.stringify(answerOne(message, handle));
  return JSON.stringify(message.map((one) => answerOne(one, handle)));
}

function answerOne(message: unknown, handle: RpcHandler) {
  const request = z.safeParse(Request, message);
  if (!request.success) return errorOf(null, new RpcError(RPC_CODES.invalidRequest, "Invalid Request"));
  const { id } = request.data;
  try {
    return { result: handle(request.data), jsonrpc: "2.0", id };
  } catch (error) {
    if (error instanceof RpcError) return errorOf(id, error);
    throw error;
  }
}

function errorOf(id: RpcRequest["id"], { code, message }: RpcError) {
  return { error: { code, message }, jsonrpc: "2.0", id };
}

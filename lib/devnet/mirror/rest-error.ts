import { FestError } from "../../hedera/error.ts";
import type { Json } from "./json.ts";

/** The HTTP statuses that the mirror's REST API refuses with. */
export type RestStatus = 400 | 404 | 405;

/** One line of an error body. */
export interface RestMessage {
  readonly message: string;
  readonly detail?: string;
}

/** A refusal of the mirror's REST API, with the body `{"_status":{"messages":[...]}}`. */
export class RestError extends FestError {
  override readonly name = "RestError";
  readonly status: RestStatus;
  readonly messages: readonly RestMessage[];

  constructor(status: RestStatus, messages: readonly RestMessage[]) {
    super(`MIRROR_${status}`, messages.map(({ message }) => message).join("; "));
    this.status = status;
    this.messages = messages;
  }

  /** The JSON body. */
  get body(): Json {
    const messages = this.messages.map(({ message, detail }) =>
      detail === undefined ? { message } : { message, detail },
    );
    return { _status: { messages } };
  }
}

/** 404 as the Node half of the mirror says it. */
export function notFound(): RestError {
  return new RestError(404, [{ message: "Not found" }]);
}

/** 404 as the Java half (`topics/{id}`, `network/*`) says it. */
export function notFoundDetail(detail: string): RestError {
  return new RestError(404, [{ message: "Not Found", detail }]);
}

/** 400 for a parameter whose value cannot be read. */
export function invalidParameter(name: string): RestError {
  return new RestError(400, [{ message: `Invalid parameter: ${name}` }]);
}

/** 400 with a text of its own. */
export function badRequest(message: string): RestError {
  return new RestError(400, [{ message }]);
}

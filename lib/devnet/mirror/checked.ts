import { FestError } from "../../hedera/error.ts";
import type { Respond } from "../fault/rest.ts";
import { loadOpenApi, type OpenApi } from "./openapi.ts";

/** Names the mirror node's OpenAPI file that every REST answer of a devnet is checked against; for tests. */
export const OPENAPI_VARIABLE = "DEVNET_OPENAPI";

/** Holds every answer of the REST API to the mirror node's own specification. */
export class CheckedAnswers {
  readonly #file: string;
  #openApi: OpenApi | null | undefined;
  readonly violations: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** The same answers; one that the specification does not allow is remembered and becomes a 500 that says why. */
  wrap(respond: Respond): Respond {
    return async (request) => {
      const response = await respond(request);
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json") === true;
      const { pathname } = new URL(request.url);
      if (!isJson || !pathname.startsWith("/api/v1/")) return response;
      const method = request.method === "POST" ? "post" : "get";
      const body: unknown = await response.clone().json();
      const path = pathname.replace(/\/$/, "");
      // Read when it is needed first: a devnet is ready long before.
      this.#openApi ??= loadOpenApi(this.#file);
      const problems = this.#openApi?.violations(path, response.status, body, method) ?? [];
      if (problems.length === 0) return response;
      const messages = problems.map((problem) => `${request.method} ${path}: ${problem}`);
      this.violations.push(...messages);
      return Response.json(
        { _status: { messages: messages.map((message) => ({ message })) } },
        { status: 500 },
      );
    };
  }

  /** @throws FestError `ANSWER_INVALID` where any answer was not allowed */
  assertAllowed(): void {
    if (this.violations.length === 0) return;
    throw new FestError(
      "ANSWER_INVALID",
      `answers contradict the mirror node's specification: ${this.violations.join("; ")}`,
    );
  }
}

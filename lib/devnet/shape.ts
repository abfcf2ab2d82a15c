import * as z from "zod/mini";
import { FestError } from "../hedera/error.ts";

const { localeError } = z.locales.en();

/** Reads what came from outside as a schema says; `message` names what could not be read. @throws FestError with `code` and every problem */
export function readShape<Shape>(
  schema: z.ZodMiniType<Shape>,
  given: unknown,
  { code, message }: { readonly code: string; readonly message: string },
): Shape {
  const read = z.safeParse(schema, given, { error: localeError });
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => {
    const at = issue.path.join(".");
    return at === "" ? issue.message : `${at}: ${issue.message}`;
  });
  throw new FestError(code, `${message}: ${problems.join("; ")}`);
}

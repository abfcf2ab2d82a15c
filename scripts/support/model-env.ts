import { AGENTS } from "../../lib/agent/setup/deployment.ts";

/** What of this process's environment is about a language model, for the agent that asks one. */
export function modelEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const own = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith("FEST_LLM_") && value !== undefined ? [[name, value] as const] : [],
  );
  return { [AGENTS.inference]: Object.fromEntries(own) };
}

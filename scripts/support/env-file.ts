/** An environment as a file has it. */
export interface EnvFile {
  readonly env: Readonly<Record<string, string>>;
  /** Numbers of the lines that are no `NAME=value`. */
  readonly badLines: readonly number[];
}

/** Reads `NAME=value` lines as systemd's EnvironmentFile does: comments, blank lines, quotes. */
export function parseEnvFile(text: string): EnvFile {
  const env: Record<string, string> = {};
  const badLines: number[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) badLines.push(index + 1);
    else env[name] = value.trim().replace(/^(["'])(.*)\1$/, "$2");
  }
  return { env, badLines };
}

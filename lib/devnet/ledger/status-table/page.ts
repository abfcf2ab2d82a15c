import type { AbsentStatus } from "./absent.ts";
import type { StatusRow } from "./row.ts";

/** The table as a page in Markdown, a section a transaction. */
export function statusPage(rows: readonly StatusRow[], absent: readonly AbsentStatus[]): string {
  const names = [...new Set(rows.map(({ transaction }) => transaction))];
  return `# Transactions and their statuses

Every transaction that devnet executes, with every status that it can end with: at pre-check or at consensus, as the
consensus node has it. The source is the handler (or checker) of hiero-consensus-node that decides it, with the HIP where
there is one. A transaction that is not here answers \`NOT_SUPPORTED\`.

Each line is a test of its own: \`bun test lib/devnet/ledger/status-table\`. ${rows.filter(({ bySdk }) => bySdk).length} of ${rows.length} lines are sent by the real SDK over
gRPC; those marked * hold what the SDK would not send, and go to the ledger as bytes. This page is written from the same
rows by \`bun scripts/write-transactions-page.ts\`, and a test holds it to them.

${names.map((name) => section(name, rows)).join("\n\n")}

## What no line shows

| status | why |
|---|---|
${absent.map(({ status, why, of }) => `| \`${status}\`${of ? ` of ${of.join(", ")}` : ""} | ${why} |`).join("\n")}
`;
}

function section(name: string, rows: readonly StatusRow[]): string {
  const own = rows.filter(({ transaction }) => transaction === name);
  const lines = own.map(
    ({ status, cause, source, bySdk }) => `| \`${status}\`${bySdk ? "" : " *"} | ${cause} | ${source} |`,
  );
  const title = name === "Any" ? "Any transaction" : name;
  return `## ${title}\n\n| status | where | source |\n|---|---|---|\n${lines.join("\n")}`;
}

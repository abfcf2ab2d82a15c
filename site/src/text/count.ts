/** A whole number, thousands apart: `12,408`. Without `Intl`, whose first use takes longer than the rest of a picture. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** A number of things: `1 entry`, `12 entries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A name in snake case as words: `task_result` is `task result`. */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}

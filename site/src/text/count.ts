/** A number of things: `1 entry`, `12 entries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** A name in snake case as words: `task_result` is `task result`. */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}

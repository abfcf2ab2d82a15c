/** A place on the page where figures stand, and what stands there. */
export interface Place {
  /** The element in whose shadow root it is. */
  readonly host: string;
  /** What is read in there, as a selector. */
  readonly at: string;
  /** The attribute that is read; absent: the text. */
  readonly attribute?: string;
  /** What must stand there: of each match one, in the order of the page. */
  readonly says: readonly string[];
}

/** Texts of a place. */
export function texts(host: string, at: string, ...says: readonly string[]): Place {
  return { host, at, says };
}

/** Values of an attribute of a place. */
export function values(host: string, at: string, attribute: string, ...says: readonly string[]): Place {
  return { host, at, attribute, says };
}

/** Links to something on the mirror node: its name, and what a reader is told that it leads to. */
export function links(host: string, at: string, ...names: readonly string[]): readonly Place[] {
  return [
    texts(host, at, ...names),
    values(host, at, "title", ...names.map((name) => `${name} on the mirror node`)),
  ];
}

/** What a button says that opens an entry. */
export function entryTitle(sequence: number | string): string {
  return `Entry #${sequence} of the log`;
}

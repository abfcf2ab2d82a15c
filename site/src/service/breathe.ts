/** Messages that are folded in one go: a few milliseconds, so that nothing on the page waits for a long log. */
export const SLICE = 25;

/** Lets whatever waits come first: a key, a frame, an answer. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** The pieces of a list, in order. */
export function slicesOf<T>(list: readonly T[], size: number = SLICE): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );
}

/**
 * Computes something of a list once, however often it is asked for: the lists
 * of a view never change, there is only another one in their place.
 */
export function once<List extends object, T>(compute: (list: List) => T): (list: List) => T {
  const known = new WeakMap<List, { readonly value: T }>();
  return (list) => {
    const found = known.get(list);
    if (found !== undefined) return found.value;
    const value = compute(list);
    known.set(list, { value });
    return value;
  };
}

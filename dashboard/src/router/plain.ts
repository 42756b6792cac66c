/** Search parameters as people write them in links: texts, repeated names as lists, flags. */
export type PlainSearch = Record<string, string | string[]>;

/**
 * Reads a query string without guessing types: a ticket `4812` stays a text, which the router's own
 * reader would turn into a number.
 */
export function parseSearch(search: string): PlainSearch {
  const found: PlainSearch = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const before = found[name];
    if (before === undefined) found[name] = value;
    else found[name] = Array.isArray(before) ? [...before, value] : [before, value];
  }
  return found;
}

/** Writes a query string that `parseSearch` reads back; what is undefined is left out. */
export function printSearch(search: Record<string, unknown>): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === true || one === "") pairs.push(encodeURIComponent(name));
      else if (typeof one === "string" || typeof one === "number") {
        pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(one)}`);
      }
    }
  }
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

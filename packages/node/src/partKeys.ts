/** Idempotency-Keys of the parts of a request that is sent in pieces. */

/** Nobody's key looks like this by chance. */
const MARK = ";part=";

/** The key of a part. Parts have parts themselves, eight deep at most for 80 actions. */
export function partKey(whole: string, number: number): string {
  return `${whole}${MARK}${number}`;
}

/** The keys of what `key` is a part of, the smallest first; none for most keys. */
export function* wholesOf(key: string): Generator<string> {
  let rest = key;
  while (rest.includes(MARK)) {
    rest = rest.slice(0, rest.lastIndexOf(MARK));
    if (rest) yield rest;
  }
}

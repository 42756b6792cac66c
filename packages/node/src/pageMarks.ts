/**
 * The mark of a page: whose page it is from which a request comes.
 *
 * It travels in the query, since forms, beacons and sockets carry nothing else, and is taken out
 * before the app, the recorder and any log sees it. It is a public id and no secret: it gives nobody
 * any power, it only takes some away.
 */

/** Without these letters a query has no mark: each request of the app pays for that one look. */
export const NAME = "_understudy_page";
/** Whose pages are the browser's own, where no session is laid over. */
export const OWN = "own";
/** A mark that names nobody, as two that differ do; no page's identity is like it. */
const WRONG = "";
/** Carries the mark where a script can add to no address any more. */
export const HEADER = "understudy-page";

/** What is left without the mark, its other letters as they were; and the mark, null without one. */
export type Split = readonly [kept: string, mark: string | null];

/** A query without its mark. */
export function splitQuery(query: string): Split {
  if (!query.includes(NAME)) return [query, null];
  const kept: string[] = [];
  const marks: string[] = [];
  for (const pair of query.split("&")) {
    const equals = pair.indexOf("=");
    if ((equals < 0 ? pair : pair.slice(0, equals)) !== NAME) kept.push(pair);
    else marks.push(equals < 0 ? "" : pair.slice(equals + 1));
  }
  return [kept.join("&"), oneOf(marks)];
}

/** The same for a whole address, such as a Referer, or a path with its query. */
export function splitAddress(address: string): Split {
  if (!address.includes(NAME)) return [address, null];
  const start = address.indexOf("?");
  if (start < 0) return [address, null];
  const [kept, mark] = splitQuery(address.slice(start + 1));
  return [address.slice(0, start) + (kept === "" ? "" : `?${kept}`), mark];
}

/** What several carriers say together: nothing, one thing, or something wrong. */
export function oneOf(marks: Iterable<string>): string | null {
  const [mark = null, ...others] = new Set(marks);
  return others.length > 0 ? WRONG : mark;
}

/** `address`, which has no mark and no fragment, as the page of `identity` asks for it. */
export function marked(address: string, identity: string): string {
  return `${address}${address.includes("?") ? "&" : "?"}${NAME}=${identity}`;
}

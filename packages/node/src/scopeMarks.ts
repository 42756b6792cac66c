/** A page's mark in a request's scope, taken out before anybody else reads it. */

import { HEADER, oneOf, splitAddress, splitQuery } from "./pageMarks.ts";
import { isOwnHost } from "./sameSite.ts";
import type { Scope } from "./scope.ts";

/**
 * The mark of the page from which a request of `origin` comes.
 *
 * `scope` itself is changed: middleware around us writes its logs by it.
 */
export function takeMark(scope: Scope, origin: string): string | null {
  const marks = takeFromAddress(scope);
  let byReferer: string | null = null;
  let destination = "";
  const headers: [string, string][] = [];
  for (const [name, value] of scope.headers) {
    if (name === HEADER) {
      marks.push(value);
      continue;
    }
    let kept = value;
    if (name === "referer") {
      const [without, found] = splitAddress(value);
      kept = without;
      if (isOwnHost(value, origin)) byReferer = found;
    } else if (name === "sec-fetch-dest") {
      destination = value;
    }
    headers.push([name, kept]);
  }
  scope.headers = headers;
  const mark = oneOf(marks);
  // A worker adds nothing to what it asks for; its own address, which has the mark, comes along.
  scope.takenMark = mark === null && destination === "empty" ? byReferer : mark;
  return scope.takenMark;
}

function takeFromAddress(scope: Scope): string[] {
  const [query, inQuery] = splitQuery(scope.queryString);
  let mark = inQuery;
  if (scope.rawPath) {
    // Some servers leave the query in it.
    const [raw, inPath] = splitAddress(scope.rawPath);
    scope.rawPath = raw;
    mark ??= inPath;
  }
  scope.queryString = query;
  return mark === null ? [] : [mark];
}

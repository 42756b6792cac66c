/** Every path that some layer may read in a path. */

import { unquote } from "./escapes.ts";
import { casefold } from "./letters.ts";

// Nothing in such a path can be read in two ways, except for the case of its letters.
const PLAIN = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9_~.-]*)+\/?$/;
// Bottle, for one, leaves out what is no UTF-8, where others put U+FFFD.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x20\x7f-\xa0\ufffd]/g;

// In the order in which layers apply them: decoding first, since it brings the others' marks out.
const HABITS: readonly ((path: string) => string)[] = [
  unquote,
  unquote,
  unquote,
  (path) => before(path, "\0"),
  (path) => path.replace(CONTROL, ""),
  (path) => path.replaceAll("\\", "/"),
  cutParameters,
  resolveDots,
];

/** Every path, in lower case and without needless slashes, that a layer may read in `path`. */
export function spellings(path: string): readonly string[] {
  if (PLAIN.test(path)) return [path.toLowerCase().replace(/\/$/, "")];
  const found = new Set([path]);
  for (const habit of HABITS) {
    for (const spelling of [...found]) found.add(habit(spelling));
  }
  return [...new Set([...found].map(tidy))];
}

function cutParameters(path: string): string {
  return path
    .split("/")
    .map((segment) => before(segment, ";"))
    .join("/");
}

function resolveDots(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

function tidy(path: string): string {
  return `/${casefold(path).split("/").filter(Boolean).join("/")}`;
}

function before(text: string, mark: string): string {
  const place = text.indexOf(mark);
  return place < 0 ? text : text.slice(0, place);
}

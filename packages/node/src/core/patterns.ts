/** Route patterns of blocked actions, compiled. */

import { remembered } from "./remembered.ts";
import { isPlaceholder, literal, PLACEHOLDERS, Tracks } from "./tracks.ts";

const MATCHERS = 1024;

/** Whether a path, in lower case and without needless slashes, is one that a pattern stands for. */
export const matcher = remembered(MATCHERS, (pattern): ((path: string) => boolean) => {
  const segments = pattern.split("/").filter(Boolean);
  // Where an expression would try one place after another for each of several wildcards, all places
  // are followed at once instead, which takes longer on an ordinary path.
  if (isAmbiguous(segments)) {
    const tracks = new Tracks(segments);
    return (path) => tracks.match(path);
  }
  const expression = new RegExp(`^(?:${segments.map(expressionOf).join("") || "/"})$`, "su");
  return (path) => expression.test(path);
});

function isAmbiguous(segments: readonly string[]): boolean {
  let many = 0;
  for (const segment of segments) {
    const placeholders = segment.match(PLACEHOLDERS) ?? [];
    if (placeholders.length > 1) return true;
    if (segment === "**" || placeholders.some((one) => one.endsWith(":path}"))) many += 1;
  }
  return many > 1;
}

function expressionOf(segment: string): string {
  if (segment === "**") return "(?:/.*)?";
  return `/${segment.split(PLACEHOLDERS).filter(Boolean).map(pieceOf).join("")}`;
}

function pieceOf(piece: string): string {
  if (isPlaceholder(piece)) return piece.endsWith(":path}") ? ".+" : "[^/]+";
  return literal(piece).replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

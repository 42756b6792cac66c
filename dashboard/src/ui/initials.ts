/** Up to two letters that stand for a person. */
export function initials(name: string): string {
  const words = name.split(/[\s._@-]+/u).filter((word) => /\p{L}|\p{N}/u.test(word));
  const [first, ...rest] = words;
  if (first === undefined) return "?";
  const last = rest.at(-1);
  const letters = last === undefined || name.includes("@") ? [first] : [first, last];
  return letters.map((word) => Array.from(word)[0]?.toLocaleUpperCase() ?? "").join("");
}

/** One of `count` hues, always the same one for the same person. */
export function hueOf(id: string, count: number): number {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % count;
}

const LONGEST = 160;

// Control characters, and those that turn the direction of text: a subject's own display name
// must not be able to rewrite the line it stands in.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** One line of bounded length out of text that somebody else wrote; empty when there is none. */
export function plain(value: unknown): string {
  if (typeof value !== "string") return "";
  const line = value.replace(UNSAFE, " ").replace(/\s+/g, " ").trim();
  return brief(line, LONGEST);
}

/** A text with so many letters at most. */
export function brief(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text;
}

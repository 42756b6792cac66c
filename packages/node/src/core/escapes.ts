/** Percent-encoding as the service reads and writes it. */

const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;
const ALWAYS_SAFE = /[A-Za-z0-9_.~-]/;

/** `text` with its escapes decoded as UTF-8; what is none becomes U+FFFD. */
export function unquote(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(ESCAPES, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString());
}

/** `text` with all but letters, digits, `_.-~` and what is `safe` (ASCII) escaped. */
export function quote(text: string, safe = "/"): string {
  let quoted = "";
  for (const letter of text) {
    const kept = ALWAYS_SAFE.test(letter) || safe.includes(letter);
    quoted += kept ? letter : escaped(letter);
  }
  return quoted;
}

/** A query of `fields`, as forms write it: blanks become plus signs. */
export function urlencode(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map((pair) => pair.map((text) => quote(text, " ").replaceAll(" ", "+")).join("="))
    .join("&");
}

export interface Parsing {
  readonly keepBlankValues?: boolean;
  readonly separator?: "&" | ";";
}

/** The fields of a query or a form, in order; empty ones only where they are kept. */
export function parsePairs(query: string, parsing: Parsing = {}): [string, string][] {
  const { keepBlankValues = false, separator = "&" } = parsing;
  const pairs: [string, string][] = [];
  for (const field of query.split(separator)) {
    const equals = field.indexOf("=");
    const value = equals < 0 ? "" : field.slice(equals + 1);
    if (field === "" || (value === "" && !keepBlankValues)) continue;
    pairs.push([spaced(equals < 0 ? field : field.slice(0, equals)), spaced(value)]);
  }
  return pairs;
}

function spaced(text: string): string {
  return unquote(text.replaceAll("+", " "));
}

function escaped(letter: string): string {
  return Buffer.from(letter).toString("hex").toUpperCase().replace(/../g, "%$&");
}

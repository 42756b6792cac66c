/** Where tags, comments and elements of text end in HTML that is read as bytes. */

const COMMENT = /<!--(?:-?>|[\s\S]*?--!?>)/y;
const OF_TEXT =
  /<(script|style|title|textarea|template|noscript|noframes|noembed|iframe|xmp)(?=[\t-\r />])/iy;
const MAY_GROW = /^[A-Za-z!?/]?$/;
const CLOSING = [
  "script",
  "style",
  "title",
  "textarea",
  "template",
  "noscript",
  "noframes",
  "noembed",
  "iframe",
  "xmp",
] as const;
const CLOSED = new Map<string, RegExp>(
  CLOSING.map((name) => [name, new RegExp(`</${name}(?=[\\t-\\r />])`, "ig")]),
);

/** Behind the `>` of the tag at `start`, which stands in no value of an attribute; null so far. */
export function tagEnd(text: string, start: number): number | null {
  let place = start + 1;
  while (place < text.length) {
    const letter = text[place];
    if (letter === ">") return place + 1;
    if (letter === '"' || letter === "'") {
      place = text.indexOf(letter, place + 1);
      if (place < 0) return null;
    }
    place += 1;
  }
  return null;
}

/** Behind the comment at `start`; null so far. */
export function commentEnd(text: string, start: number): number | null {
  return endOf(COMMENT, text, start);
}

/** Whether an element begins at `start` in which nothing is a tag but its own end. */
export function isOfText(text: string, start: number): boolean {
  return nameOfText(text, start) !== null;
}

/** Behind the name in the closing tag of the element of text at `start`; null so far. */
export function textElementEnd(text: string, start: number): number | null {
  const begun = tagEnd(text, start);
  const closing = CLOSED.get(nameOfText(text, start) ?? "");
  return begun === null || closing === undefined ? null : endOf(closing, text, begun);
}

/** False for a `<` that is no tag, whatever may follow. */
export function mayGrow(text: string, start: number): boolean {
  return MAY_GROW.test(text.slice(start + 1, start + 2));
}

function nameOfText(text: string, start: number): string | null {
  OF_TEXT.lastIndex = start;
  return OF_TEXT.exec(text)?.[1]?.toLowerCase() ?? null;
}

function endOf(expression: RegExp, text: string, start: number): number | null {
  expression.lastIndex = start;
  return expression.test(text) ? expression.lastIndex : null;
}

/** Text on its way into HTML. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};

/** `text` as HTML that shows it, between tags as well as in a quoted attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** `html` in ASCII, whatever charset the page around it may have. */
export function ascii(html: string): Uint8Array {
  const plain = html.replace(/[^\0-\x7f]/gu, (char) => `&#${char.codePointAt(0)};`);
  return new TextEncoder().encode(plain);
}

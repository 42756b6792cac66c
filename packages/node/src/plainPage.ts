/** The shape of the SDK's own pages: small, without script, under a strict policy of their own. */

import { createHash } from "node:crypto";
import { escaped } from "./escaping.ts";
import type { Field } from "./typedText.ts";
import { Answer } from "./visit.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1d22; --soft: #5b6270; --paper: #f6f6f4;
  --card: #fff; --line: #dcdcd6; --accent: #b4380a }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececea; --soft: #a3a9b5; --paper: #16171a;
    --card: #1f2125; --line: #34373d; --accent: #ff9a6b }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 30rem; margin: 1.5rem; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.35rem; line-height: 1.3 }
p { margin: 0 0 1rem }
form { margin: 0 }
label { display: block; margin: 0 0 1rem; font-size: .9rem; color: var(--soft) }
textarea { display: block; width: 100%; box-sizing: border-box; margin: .25rem 0 0; padding: .5rem;
  font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
  border-radius: 8px; field-sizing: content; max-height: 20rem }
.soft { color: var(--soft) }
.row { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; margin: 1.5rem 0 0 }
a { color: var(--accent) }
button, .button { font: inherit; font-weight: 600; padding: .55rem 1.1rem; border: 0;
  border-radius: 8px; background: var(--accent); color: var(--card);
  text-decoration: none; cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
`;
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors `;
// What the banner needs beside it: its script, and word from the session.
const BANNER_POLICY = "; script-src 'self'; connect-src 'self'";

export interface PlainPageOptions {
  /** Those that may frame it. */
  readonly ancestors?: string;
  /** Goes to the top, and may run its script. */
  readonly banner?: Uint8Array;
}

/** A page of `content`, which is HTML, under its `title`, which is text. */
export function plainPage(
  status: number,
  title: string,
  content: string,
  { ancestors = "'self'", banner = new Uint8Array() }: PlainPageOptions = {},
): Answer {
  const head =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body>`;
  const rest = `<main><h1>${escaped(title)}</h1>${content}</main></body></html>`;
  const policy = POLICY + ancestors + (banner.length > 0 ? BANNER_POLICY : "");
  return new Answer({
    status,
    headers: [
      ["content-type", "text/html; charset=utf-8"],
      ["content-security-policy", policy],
    ],
    body: Buffer.concat([Buffer.from(head), banner, Buffer.from(rest)]),
  });
}

/** The HTML of what somebody typed, to be copied; nothing where nothing was. */
export function typedAgain(fields: readonly Field[]): string {
  const shown = fields.map(
    ({ name, value }) =>
      `<label>${escaped(name)}<textarea readonly autocomplete=off rows=${rowsOf(value)}>\n` +
      `${escaped(value)}</textarea></label>`,
  );
  return shown.length > 0 ? `<p>Here is what you typed, to copy:</p>${shown.join("")}` : "";
}

function rowsOf(text: string): number {
  const lines = text.split("\n").length;
  return Math.min(12, lines + Math.floor([...text].length / 60));
}

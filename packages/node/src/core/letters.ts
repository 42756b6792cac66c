/** Letter case and blanks as the service takes them, so that no door reads a text otherwise. */

// Letters that are lower case, yet fold into others: by way of their capitals, which for most of
// these are several letters.
const LETTERS =
  "\\u00b5\\u00df\\u0149\\u017f\\u01f0\\u0345\\u0390\\u03b0\\u03c2\\u03d0\\u03d1\\u03d5" +
  "\\u03d6\\u03f0\\u03f1\\u03f5\\u0587\\u1c80-\\u1c88\\u1e96-\\u1e9b\\u1f50\\u1f52\\u1f54" +
  "\\u1f56\\u1f80-\\u1f87\\u1f90-\\u1f97\\u1fa0-\\u1fa7\\u1fb2-\\u1fb4\\u1fb6\\u1fb7\\u1fbe" +
  "\\u1fc2-\\u1fc4\\u1fc6\\u1fc7\\u1fd2\\u1fd3\\u1fd6\\u1fd7\\u1fe2-\\u1fe4\\u1fe6\\u1fe7" +
  "\\u1ff2-\\u1ff4\\u1ff6\\u1ff7\\ufb00-\\ufb06\\ufb13-\\ufb17";
const FOLDED = new RegExp(`[${LETTERS}]`, "gu");
// Cherokee folds into its capitals, which are the older.
const CHEROKEE = /[\uab70-\uabbf\u13f8-\u13fd]/gu;
const OTHER = /[^ -~]/;
const BLANK =
  "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const AROUND = new RegExp(`^${BLANK}+|${BLANK}+$`, "g");
const AROUND_BYTES = /^[\t-\r ]+|[\t-\r ]+$/g;

/** `text` in the form in which two spellings that differ in case alone are equal (Unicode, C + F). */
export function casefold(text: string): string {
  const lower = text.toLowerCase();
  if (!OTHER.test(lower)) return lower;
  return lower
    .replace(FOLDED, (letter) => letter.toUpperCase().toLowerCase())
    .replace(CHEROKEE, (letter) => letter.toUpperCase());
}

/** `text` without blanks around it, whatever a script counts as such. */
export function strip(text: string): string {
  return text.replace(AROUND, "");
}

/** `bytes`, one letter each, without blanks of ASCII around them. */
export function stripBytes(bytes: string): string {
  return bytes.replace(AROUND_BYTES, "");
}

/** The order that the service has for texts, in which letters of two units stand behind all others. */
export function byCodePoint(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

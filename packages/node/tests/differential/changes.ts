/** Changes as apps are sent them, and much that only looks like one. */

import fc from "fast-check";
import { bound } from "../answers/changes.ts";

/** Pieces in any order, as one text of which each letter is a byte. */
function bytesOf(pieces: readonly string[], most: number): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...pieces), { maxLength: most })
    .map((found) => Buffer.from(found.join("")).toString("latin1"));
}

const TEXTS = fc.constantFrom(
  ...[
    "a",
    "",
    "plan",
    "_method",
    "_csrf",
    "😀",
    "\ufb01",
    "ä",
    "\u2028",
    "\x7f",
    "K",
    "ſ",
    "__proto__",
  ],
  ...["\\ud83d", "\\ude00", '\\"', "\\n", "\\u001f", "\\/", "\\x", "\t", "If-Match"],
);
const NUMBERS = fc.constantFrom(
  "1",
  "1.10",
  "-0",
  "1e400",
  "01",
  ".5",
  "-",
  "NaN",
  "9007199254740993",
);
const VALUES = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      TEXTS.map((text) => `"${text}"`),
      NUMBERS,
      fc.constantFrom("null", "true", " false "),
    ),
    fc.array(tie("value"), { maxLength: 3 }).map((values) => `[${values.join(", ")}]`),
    fc
      .array(fc.tuple(TEXTS, tie("value")), { maxLength: 4 })
      .map((members) => `{${members.map(([name, value]) => `"${name}":${value}`).join()}}`),
  ),
})).value;
const JSON_BODIES = fc.oneof(
  VALUES.map((text) => Buffer.from(text).toString("latin1")),
  bytesOf([..."{}[]:,", '"a"', '"b"', "1", "-", " ", "\\", "\ufeff", "null", "\n"], 10),
);

const PAIRS = bytesOf(
  [
    "a",
    "b",
    "=",
    "=",
    "&",
    "+",
    "%41",
    "%",
    "%c3",
    "%bc",
    "%F0%9F%98%80",
    "%ed%a0%80",
    "ä",
    "_METHOD",
  ],
  10,
);

const HEADS = fc.constantFrom(
  ...['Content-Disposition: form-data; name="a"', 'content-disposition:form-data;name="b"'],
  ...['Content-Disposition: form-data; name="ä"; filename="x"', "Content-Type: text/plain"],
  ...["Content-Type: text/plain; charset=UTF-8", "Content-Type: text/html", "X-Other: a", ""],
  ...['Content-Disposition: form-data; name="_csrf"; filename=""', "Content-Type", "\u00a0: a"],
);
const PARTS = fc
  .tuple(
    fc.array(HEADS, { maxLength: 2 }),
    fc.constantFrom("", "x", "\r\n--b", "--a", "ä\n", "\xff"),
  )
  .map(([heads, value]) => `--a\r\n${heads.map((head) => `${head}\r\n`).join("")}\r\n${value}\r\n`);
const MULTIPART = fc
  .tuple(
    fc.array(PARTS, { maxLength: 3 }),
    fc.constantFrom("--a--\r\n", "--a--", "--a", "--a--x", ""),
  )
  .map(([parts, end]) => Buffer.from(parts.join("") + end).toString("latin1"));

const TYPES = fc.constantFrom(
  ...["application/json", "Application/Json ;charset=utf-8", "application/x-www-form-urlencoded"],
  ...["multipart/form-data; boundary=a", 'multipart/form-data;charset="utf-8"; boundary="a"'],
  ...["", "text/plain", "multipart/form-data", " application/json", "application/json;charset=x"],
);

const CASES = fc.record(
  {
    method: fc.constantFrom("POST", "put", "x".repeat(21)),
    query: PAIRS,
    content_type: TYPES,
    body: fc.oneof(JSON_BODIES, PAIRS, MULTIPART),
    if_match: fc.constantFrom('"1"', "*", ""),
  },
  { requiredKeys: [] },
);
/** Mostly of the type that it says, as little else has a form. */
const OF_THEIR_TYPE = fc.oneof(
  JSON_BODIES.map((body) => ({ content_type: "application/json", body })),
  PAIRS.map((body) => ({ content_type: "application/x-www-form-urlencoded", body })),
  MULTIPART.map((body) => ({ content_type: "multipart/form-data; boundary=a", body })),
);

export const CHANGES = {
  topic: "changes",
  cases: fc.oneof({ weight: 4, arbitrary: OF_THEIR_TYPE }, { weight: 1, arbitrary: CASES }),
  answer: bound,
};

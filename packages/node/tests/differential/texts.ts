/** Texts, cookies, headers and pages of which each guard makes something. */

import fc from "fast-check";
import { ownCookies, read } from "../answers/cookies.ts";
import { changedHeaders, inserted } from "../answers/pages.ts";
import { declared, pageMark, returnPath, ruled, spelled } from "../answers/paths.ts";
import { CHANGES } from "./changes.ts";
import { PATHS } from "./requests.ts";
import { RULES } from "./worlds.ts";

/** Pieces in any order, as one text. */
function textOf(pieces: readonly string[], most = 8): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength: most }).map((found) => found.join(""));
}

const HTML = textOf(
  [
    ...[
      "<body",
      "<BODY>",
      "<body a='>'",
      ">",
      ">",
      "<head>",
      "<html",
      "</head >",
      "<!doctype html>",
    ],
    ...["<!--", "-->", "--!>", "<!-->", "<?xml ?>", "<script", "</script", "<title>", "</TITLE>"],
    ...['"', "'", " ", "\n", "text", "<", "</", "\xef\xbb\xbf", "\xa0", "<x/>", "<template>", "/"],
  ],
  14,
);
const INSERTION = fc.record({
  chunks: fc.array(HTML, { maxLength: 4 }),
  head: fc.constantFrom("", "[head]"),
  banner: fc.constantFrom("[banner]", "[banner]", ""),
});

const ADDRESS = textOf([
  ...[
    "/",
    "/",
    "a",
    "%2f",
    "%252F",
    "%5c",
    "\\",
    "?",
    "#",
    "%0a",
    "\n",
    "\t",
    "%",
    "%25",
    " ",
    "ä",
  ],
  ...[
    "%00",
    "@",
    ":",
    "http://",
    "https://app.example",
    "app.example",
    "//evil.example",
    "<",
    "~[",
  ],
]);
const RETURNS = fc.oneof(
  fc.record({ value: ADDRESS }),
  fc.record({
    referrer: ADDRESS.map((rest) => `https://app.example${rest}`),
    origin: fc.constantFrom("https://app.example", "http://APP.example"),
  }),
);

const COOKIES = textOf([
  ...[
    "__Host-understudy",
    "__Host-understudy.login",
    "=",
    "=",
    "; ",
    ";",
    " ",
    "\t",
    "login",
    "a=b",
  ],
  ...["ses_1.", "understudy_session", "understudy-page", "-epoch", "\xa0", "\xff", "theme=x", '"'],
]);
const OWN = fc.record({
  do: fc.constantFrom("empty", "without_page_key", "for_the_app", "for_the_browser"),
  header: COOKIES,
  named: fc.constantFrom(null, ["login"], ["a", "theme"]),
  script_cookies: fc.constantFrom([], ["theme"]),
});
const SET = fc
  .tuple(
    fc.constantFrom("login", "__Host-a", "theme"),
    textOf([
      ...["; Path=/", "; Max-Age=5", ";max-age=-1", "; MAX-AGE=99999", "; Max-Age=x", "; HttpOnly"],
      ...[
        ";samesite=NONE",
        "; SameSite=lax",
        "; SameSite=x",
        "; Domain=a",
        "; ;",
        "; Secure",
        " =1",
      ],
    ]),
  )
  .map(([name, rest]) => ({ do: "for_the_browser", header: `${name}=v${rest}` }));

const QUERY = textOf([
  ...["_understudy_page", "=", "ses_1", "own", "&", "&", "?", "a=1", ";", "%", "\xff", "#", "/"],
]);
const MARKS = fc.oneof(
  fc.record({ query: QUERY }),
  fc.record({ address: QUERY }),
  fc.record({ headers: fc.constant([]), in_query: QUERY }),
);

const HEADER = fc.tuple(
  fc.constantFrom(
    ...[
      "Content-Type",
      "content-length",
      "Cache-Control",
      "X-Cache-Control",
      "Vary",
      "ETag",
      "Range",
    ],
    ...["If-Range", "Cookie", "Authorization", "X_Understudy-a", "xunderstudy", "Accept-Ranges"],
    ...[
      "Content-Encoding",
      "Content-Disposition",
      "Digest",
      "Expires",
      "Remote_User",
      "my-Understudy",
    ],
  ),
  fc.constantFrom(
    ...["text/html", "TEXT/html ; Charset=utf-8", 'text/html;charset="UTF-16"', "text/htmlx", "12"],
    ...[
      "no-store",
      "Cookie, Accept",
      "accept , cookie,",
      "*",
      "identity",
      "gzip",
      " attachment; x",
      "",
    ],
    ...[
      "application/xhtml+xml;charset=rot_13",
      "bytes=1-",
      "a=b; understudy_session=x",
      "1_0",
      "\xb2",
    ],
  ),
);
const HEADERS = fc.record({
  do: fc.constantFrom(
    ...["as_own_page", "for_the_app", "for_the_browser", "without_length", "without_spoofed"],
    ...["takes_banner", "policies", "lengthened"],
  ),
  headers: fc.array(HEADER, { maxLength: 5 }),
  status: fc.constantFrom(200, 204, 206, 304, 302, 404, 500, 600),
  by: fc.constant(7),
});

export interface Topic {
  readonly topic: string;
  readonly cases: fc.Arbitrary<unknown>;
  readonly answer: (given: never) => unknown;
}

export const TOPICS: readonly Topic[] = [
  CHANGES,
  { topic: "cookies", cases: fc.record({ header: COOKIES }), answer: read },
  { topic: "headers", cases: HEADERS, answer: changedHeaders },
  { topic: "insertion", cases: INSERTION, answer: inserted },
  { topic: "own-cookies", cases: fc.oneof(OWN, SET), answer: ownCookies },
  { topic: "page-marks", cases: MARKS, answer: pageMark },
  { topic: "paths", cases: fc.record({ path: PATHS }), answer: spelled },
  { topic: "return-paths", cases: RETURNS, answer: returnPath },
  {
    topic: "rulebook",
    cases: fc.record({
      rules: RULES,
      methods: fc.subarray(["GET", "HEAD", "POST", "DELETE", "PUT", "LINK"], { minLength: 1 }),
      paths: fc.array(PATHS, { minLength: 1, maxLength: 2 }),
    }),
    answer: ruled,
  },
  {
    topic: "declared-reads",
    cases: fc.record({
      reads: RULES.map((rules) =>
        rules.map(({ method, pattern }) => `${method.toUpperCase()} ${pattern}`),
      ),
      methods: fc.subarray(["GET", "HEAD", "POST", "DELETE", "PUT"], { minLength: 1 }),
      paths: fc.array(PATHS, { minLength: 1, maxLength: 2 }),
    }),
    answer: declared,
  },
];

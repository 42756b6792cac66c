/** Requests as nobody's browser sends them, and some as every browser does. */

import fc from "fast-check";
import { unquote } from "../../src/core/escapes.ts";
import type { ToldRequest } from "../answers/desk.ts";

export const TOKENS = ["uss_a", "uss_b", "uss_c"] as const;
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] as const;
// More often the ones that tell two guards apart.
const SENT = fc.constantFrom(
  ...METHODS,
  "GET",
  "GET",
  "POST",
  "POST",
  "post",
  "Delete",
  "PROPFIND",
);
const NAMED = fc.constantFrom(...METHODS, "delete", " put ", "\x1cPATCH\x85", "", "ß", "x-y");

const PARTS = fc.constantFrom(
  ...["api", "API", "keys", "7", "billing", "export", "a", "b.c", "files", "static", "paid", "out"],
  ...[".", "..", "%2e", "%2E%2e", "%252e%252e", "..;x", "..%00", "...", ""],
  ...["%61pi", "%2561pi", "k%65ys", "exp%6Frt", "%ff", "%c3%a4", "%C3", "%ef%bf%bd", "%zz", "%"],
  ...["ä", "Ä", "ß", "\u017f", "\u212a", "\ufffd", "\u00a0x", "😀", "\u0130", "\uab70", "ς"],
  ...[
    ";a=b",
    "keys;v=1",
    "a\\b",
    "%5c",
    "%255C..",
    "%2f",
    "%252F",
    "\0",
    "%0a",
    "%09x",
    " ",
    "\x7f",
  ],
);
const BETWEEN = fc.constantFrom("/", "/", "/", "/", "//", "\\", "%2f", "");

const ODD_PATHS = fc
  .array(fc.tuple(BETWEEN, PARTS), { maxLength: 5 })
  .map((parts) => `/${parts.flat().join("")}`);

// What rules of the worlds block, and ways of spelling it so that a guard might not see it.
const BLOCKED = fc.constantFrom(
  ...["/api/keys/7", "/billing/x/y", "/export", "/a/x/b.c", "/files/k/s", "/a-b", "/ss", "/\u03c3"],
  ...["/paid/x", "/static/f.js", "/out/x"],
);
const DISGUISES: fc.Arbitrary<(path: string) => string> = fc.constantFrom(
  (path) => path.toUpperCase(),
  (path) => path.replace("/", "//"),
  (path) => `${path}/`,
  (path) => `/public/..${path}`,
  (path) => `/./${path}`,
  (path) => `/api${path}`,
  (path) =>
    path.replace(/[a-z](?=[^/]*$)/, (letter) => `%2525${letter.charCodeAt(0).toString(16)}`),
  (path) => path.replace(/\/(?=[^/]*$)/, "/./"),
  (path) => path.replace(/\/(?=[^/]*$)/, "/../"),
  (path) => `/..;x${path};v=1`,
  (path) => path.replaceAll("/", "\\"),
  (path) => path.replaceAll("e", "%65").replaceAll("s", "%73"),
  (path) => path.replaceAll("%", "%25"),
  (path) => path.replaceAll("/", "%2f"),
  (path) => `${path}%00/y`,
  (path) => path.replace("k", "\u212a").replace("s", "\u017f"),
  (path) => path.replace("x", "x\ufffd%ff"),
  (path) => `${path}%c2%a0%20\t`,
);
const DISGUISED = fc
  .tuple(BLOCKED, fc.array(DISGUISES, { maxLength: 3 }))
  .map(([path, disguises]) => disguises.reduce((spelled, disguise) => disguise(spelled), path));

/** A path as it may stand in a request line, and much that may not. */
export const PATHS = fc.oneof(DISGUISED, ODD_PATHS);

const FIELDS = fc.oneof(
  fc.constantFrom("a=1", "b", "", "%41=%20", "page=2+3", "x=%ff", "_understudy_pages=own", "&"),
  fc.tuple(
    fc.constantFrom("_method", "_METHOD", "%5Fmethod", "+_method", "$httpMethod", "x-method", "_m"),
    fc.constantFrom("=DELETE", "=put", "=%50OST", "=", "", "=+GET+", "=PATCH=1"),
  ),
  fc
    .constantFrom("ses_1", "ses_1", "ses_2", "own", "", "%6fwn")
    .map((of) => `_understudy_page=${of}`),
);
const ODD_QUERIES = fc
  .array(fc.tuple(fc.constantFrom("&", "&", "&", ";"), FIELDS), { maxLength: 3 })
  .map((fields) => fields.flat(2).join("").slice(1));

const QUERIES = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("", "a=1", "_understudy_page=ses_1", "b&_understudy_page=ses_1"),
  },
  { weight: 2, arbitrary: ODD_QUERIES },
);

const ODD_COOKIES = fc
  .array(
    fc.constantFrom(
      ...TOKENS.map((one) => `__Host-understudy=${one}`),
      ...["a=b", "", "session=agent", "x=__Host-understudy", "__Host-understudy.login=ses_1.x"],
      ...["__Host-understudy =uss_a", "\t__Host-understudy=uss_a ", "__Host-understudy"],
      ...["__Host-understudy=", '__Host-understudy="uss_a"', "x__Host-understudy=uss_a", "\xa0=1"],
      "__Host-understudy-epoch=1",
    ),
    { maxLength: 3 },
  )
  .chain((pairs) => fc.constantFrom("; ", ";", ";\t").map((by) => pairs.join(by)));
const COOKIES = fc.oneof(
  { weight: 12, arbitrary: fc.constant("__Host-understudy=uss_a") },
  { weight: 6, arbitrary: fc.constant("__Host-understudy-epoch=1; a=b; __Host-understudy=uss_a") },
  { weight: 2, arbitrary: fc.constantFrom(...TOKENS).map((one) => `__Host-understudy=${one}`) },
  { weight: 2, arbitrary: fc.constantFrom("", "session=agent", "__Host-understudy-epoch=1; a=b") },
  { weight: 4, arbitrary: ODD_COOKIES },
);

const OTHER_HEADERS = fc.oneof(
  fc.tuple(
    fc.constantFrom("x-http-method-override", "x_method", "x-method-override", "x-other"),
    NAMED,
  ),
  fc.tuple(
    fc.constant("content-type"),
    fc.constantFrom(
      ...["application/json", "application/x-www-form-urlencoded", " Multipart/Form-Data;x=y"],
      ...["application/csp-report", "text/ping", "TEXT/PING ;a", "text/html"],
    ),
  ),
  fc.tuple(fc.constant("understudy-page"), fc.constantFrom("ses_1", "own", "ses_2", "")),
  fc.tuple(
    fc.constant("referer"),
    fc.constantFrom(
      ...[
        "https://app.example/a?_understudy_page=ses_1",
        "http://APP.example?_understudy_page=own",
      ],
      ...["https://evil.example/?_understudy_page=ses_1", "https://app.example/", "null"],
    ),
  ),
  fc.tuple(fc.constant("sec-fetch-dest"), fc.constantFrom("empty", "document", "worker")),
  fc.constantFrom<[string, string][]>(
    ["accept", "*/*"],
    ["accept-language", "de"],
    ["host", "app.example"],
    ["cookie", "c=d"],
    ["remote_user", "sam"],
    ["authorization", "Basic x"],
  ),
);
// As pages of the session do; what else a mark may be stands among the other headers.
const MARKED = fc.constantFrom<[string, string][][]>(
  [["understudy-page", "ses_1"]],
  [["understudy-page", "ses_1"]],
  [],
);
const HEADERS = fc
  .tuple(COOKIES, MARKED, fc.array(OTHER_HEADERS, { maxLength: 2 }))
  .map(([cookie, marked, others]): ToldRequest["headers"] => [
    ["cookie", cookie],
    ["host", "app.example"],
    ...marked,
    ...others.filter(([name]) => name !== marked[0]?.[0]),
  ]);

/** A request; its path is mostly what its raw path decodes to. */
export const REQUESTS: fc.Arbitrary<ToldRequest> = fc
  .record({
    type: fc.constantFrom("http", "http", "http", "http", "http", "websocket"),
    method: SENT,
    raw_path: PATHS,
    other: fc.option(PATHS, { freq: 5 }),
    root_path: fc.constantFrom("", "", "", "", "/api", "/api/keys"),
    query: QUERIES,
    headers: HEADERS,
  })
  .map(({ other, ...request }) => {
    const path = other ?? unquote(request.raw_path);
    // What servers hand on raw is bytes.
    const raw = Buffer.from(request.raw_path).toString("latin1");
    return { ...request, path, raw_path: raw };
  });

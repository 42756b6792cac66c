import { describe, expect, test } from "vitest";
import { Held } from "../../src/cache.ts";
import { SessionOrigins } from "../../src/core/sessionOrigins.ts";
import { Asked, PASS, Refuse } from "../../src/guard.ts";
import { astray, atPlace } from "../../src/passage/astray.ts";
import { Request } from "../../src/passage/request.ts";
import { NOWHERE, OWN_HOST, Places, SessionOrigin } from "../../src/place.ts";
import { Answer } from "../../src/visit.ts";
import { anOpened } from "../support/sample.ts";
import { allOf } from "../visiting.ts";

const PLACES = new Places(SessionOrigins.parse("https://*.view.example"));
const ONE = `https://understudy-${"a".repeat(26)}.view.example`;
const OTHER = `https://understudy-${"b".repeat(26)}.view.example`;
const PAGE = { accept: "text/html", "sec-fetch-dest": "document" };

const asked = (headers: Record<string, string> = {}, method = "GET") =>
  new Request({
    asked: new Asked({ cookie: "", methods: [method], paths: ["/a"] }),
    method,
    path: "/a",
    base: "",
    origin: "",
    headers: new Map(Object.entries(headers)),
    address: null,
    query: "b=c",
  });
const code = (turned: unknown) => (turned instanceof Refuse ? turned.code : null);

test("under the wildcard nothing but labels is there", () => {
  expect(code(astray(asked(), NOWHERE, PLACES))).toBe("not_found");
});

test("a label installs no service worker, and is let on otherwise", () => {
  const place = new SessionOrigin(ONE);
  const worker = asked({ "service-worker": "script" });
  expect(code(astray(worker, place, PLACES))).toBe("service_worker_refused");
  expect(astray(asked({ "service-worker": "x" }), place, PLACES)).toBeNull();
  expect(astray(asked({ origin: OTHER }), place, PLACES)).toBeNull();
});

test.each(["GET", "POST", "OPTIONS"])(
  "whatever a label sends to the app's own host is refused: %s",
  (method) => {
    for (const origin of [ONE, "https://shop.view.example"]) {
      const turned = astray(asked({ origin }, method), OWN_HOST, PLACES);
      expect(code(turned)).toBe("page_of_another_session");
    }
  },
);

describe("a link from a label", () => {
  const link = { ...PAGE, referer: `${ONE}/x` };

  test("leads back to it", () => {
    const back = astray(asked(link), OWN_HOST, PLACES);
    expect(back instanceof Answer && allOf(back, "location")).toEqual([`${ONE}/a?b=c`]);
  });

  test.each([{ "sec-fetch-dest": "image" }, { "sec-fetch-dest": "iframe" }, { referer: "x" }])(
    "is none: %j",
    (changed) => {
      expect(astray(asked({ ...link, ...changed }), OWN_HOST, PLACES)).toBeNull();
    },
  );

  test("is none when it is posted", () => {
    expect(astray(asked(link, "POST"), OWN_HOST, PLACES)).toBeNull();
  });
});

test.each([
  [null, OWN_HOST, null],
  [ONE, new SessionOrigin(ONE), null],
  [ONE, OWN_HOST, "another_origin"],
  [ONE, new SessionOrigin(OTHER), "session_over"],
  [null, new SessionOrigin(ONE), "session_over"],
])("a session is served where it is bound to: %s, %o", (origin, place, expected) => {
  const held = new Held(anOpened({ origin }), "key", { sentAt: 0, generation: 1 });
  for (const verdict of [held, new Refuse(503, "action_blocked", { held })]) {
    const found = atPlace(verdict, place);
    if (expected === null) expect(found).toBe(verdict);
    // And a refusal of it is told there.
    else expect(found).toMatchObject({ code: expected, held: null });
  }
});

test("without a session a label answers as one that is over", () => {
  expect(atPlace(PASS, OWN_HOST)).toBe(PASS);
  expect(code(atPlace(PASS, new SessionOrigin(ONE)))).toBe("session_over");
});

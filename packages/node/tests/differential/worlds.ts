/** Apps with rules, sessions that come and go in them, and what is asked meanwhile. */

import fc from "fast-check";
import { EndCause } from "../../src/core/sessions.ts";
import type { ToldCase, ToldStep } from "../answers/desk.ts";
import { REQUESTS, TOKENS } from "./requests.ts";

export const RULES = fc.array(
  fc.record({
    method: fc.constantFrom("*", "*", "*", "GET", "GET", "POST", "DELETE", "PUT", "HEAD", "delete"),
    pattern: fc.constantFrom(
      ...["/api/keys/{id}", "/billing/**", "/export", "/**", "/", "/a/{x}/b.c", "/{p:path}/keys"],
      ...[
        "/files/{p:path}",
        "/**/keys/**",
        "/**/{x}eys",
        "/**/{x}/keys/**",
        "/{a}-{b}",
        "/{a}{b}",
        "/ä",
        "/STRASSE/{x}",
        "/%61pi/**",
      ],
      ...["/static/{f}.js", "/k", "/ss", "/😀/{x}", "/σ", "/api;v", "/\u13a0", "/i\u0307"],
    ),
    label: fc.constantFrom("One", "Two", "Three", "Four"),
  }),
  { maxLength: 6 },
);

const READERS = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        headers: fc.constantFrom<string[][]>([], ["x-method"], ["x-other"]),
        fields: fc.constantFrom<string[][]>([], ["_method"], ["_m"]),
        forms: fc.boolean(),
        bearer_paths: fc.constantFrom<string[][]>(["/static/"], ["/api/"]),
        unmarked_ok: fc.constantFrom<string[][]>(["/paid/"], ["/api/", "/a/"]),
        reads: fc.constantFrom<string[][]>(
          ["/api/keys/{id}", "POST /a"],
          ["POST /orders", "/**/keys"],
        ),
        writes_by_get: fc.constantFrom<string[][]>(["/out"], ["/export"]),
      },
      { requiredKeys: [] },
    ),
  },
);

const TOKEN = fc.constantFrom(...TOKENS);
const SESSION = fc.constantFrom("ses_1", "ses_2", "ses_3");
const CAUSE = fc.option(fc.constantFrom(...Object.values(EndCause)), { freq: 3 });
const SECONDS = fc.constantFrom(0, 1, 10, 59.5, 300, 600, 1800);

const ASKS = REQUESTS.map((request) => ({ do: "ask", request }) as const);
const KEEPS = fc.record(
  {
    do: fc.constant("keep" as const),
    token: TOKEN,
    session: SESSION,
    lease: SECONDS,
    ends_in: SECONDS,
    idle_in: SECONDS,
    sent_before: fc.constantFrom(0, 0.25, 5, 60),
    server_at: fc.constantFrom(0, -86_400, 86_400),
    generation: fc.constantFrom(1, 2, 3),
  },
  { requiredKeys: ["do", "token", "session"] },
);
const BEAT = fc.constant({ do: "beat" } as const);
const NEWS = fc.oneof(
  { weight: 30, arbitrary: BEAT },
  { weight: 10, arbitrary: fc.constant({ do: "keep", token: "uss_a", session: "ses_1" } as const) },
  { weight: 3, arbitrary: KEEPS },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("find" as const), token: TOKEN }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("close" as const), session: SESSION, cause: CAUSE }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("refuse" as const),
      token: TOKEN,
      cause: CAUSE,
      known: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ do: "connect" } as const, { do: "mistrust" } as const),
  },
);

// Mostly so little that what was told lately still holds.
const PASSING = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(0, 0, 0.125, 0.5, 1, 2, 4.875) },
  { weight: 1, arbitrary: fc.constantFrom(5, 9.5, 10, 60, 299, 300, 600, 1800) },
);

const STEPS = fc
  .array(fc.tuple(PASSING, NEWS, ASKS), {
    minLength: 1,
    maxLength: 100,
    size: "max",
  })
  .map((turns) => {
    let at = 0;
    return turns.flatMap(([passing, news, ask]): ToldStep[] => {
      at += passing;
      return [news, ask].map((step) => ({ ...step, at }));
    });
  });

/** A case of the vectors' form, with many steps. */
export const WORLDS: fc.Arbitrary<ToldCase> = fc
  .record({
    rules: RULES,
    scope: fc.constantFrom("full", "full", "read_only"),
    full: fc.constantFrom(false, false, false, false, false, true),
    reader: READERS,
    steps: STEPS,
  })
  .map((world) => {
    const begin = { do: "keep", token: "uss_a", session: "ses_1" };
    return { ...world, kept: false, steps: [begin, ...world.steps] } as ToldCase;
  });

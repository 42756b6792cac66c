import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Banner, type BannerLinks } from "../src/banner.ts";
import { Ended } from "../src/cache.ts";
import type { Scope } from "../src/core/restrictions.ts";
import { EndCause } from "../src/core/sessions.ts";
import { mayRun, nonceIn } from "../src/pagePolicy.ts";
import { pageScript } from "../src/pageScript.ts";
import * as pages from "../src/pages.ts";
import { plainPage } from "../src/plainPage.ts";
import { fieldsOf } from "../src/typedText.ts";
import type { ActiveSession, Actor, Organization, Subject } from "../src/values.ts";
import { Answer, problem, wantsPage } from "../src/visit.ts";
import * as wording from "../src/wording.ts";

interface ToldSession {
  readonly id: string;
  readonly grant_id: string;
  readonly application_id: string;
  readonly actor: Actor;
  readonly subject: Subject;
  readonly organization: Organization | null;
  readonly reason: string;
  readonly ticket: string | null;
  readonly scope: Scope;
  readonly started_at: string;
  readonly ends_at: string;
  readonly idle_ends_at: string;
  readonly last_active_at: string;
}

/** Whatever any of the calls is given, under the names of Python. */
interface Given {
  readonly status: number;
  readonly cause: EndCause | null;
  readonly session: string | null;
  readonly undone: boolean;
  readonly home: string;
  readonly dashboard: string;
  readonly back: string;
  readonly in_doubt: boolean;
  readonly typed?: readonly [string, string][];
  readonly detail: string;
  readonly banner: string;
  readonly who: string;
  readonly whose: string | null;
  readonly again: string | null;
  readonly address: string;
  readonly live: boolean;
  readonly end: string;
  readonly target: string;
  readonly to_app: boolean;
  readonly title: string;
  readonly content: string;
  readonly ancestors: string;
  readonly code: string;
  readonly label: string | null;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly links: BannerLinks;
  readonly server_now: string;
  readonly nonce: string | null;
  readonly can_write: boolean;
  readonly src: string;
  readonly offer?: readonly [at: string, write: string];
  readonly is_allowed: boolean;
  readonly names: readonly string[];
  readonly identity: string;
  readonly mark: string | null;
  readonly content_type: string;
  readonly body: string;
  readonly policies: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

interface Case {
  readonly name: string;
  readonly call: string;
  readonly given: Given;
  readonly expect: unknown;
}

interface Vectors {
  readonly style: string;
  readonly sessions: Readonly<Record<string, ToldSession>>;
  readonly cases: readonly Case[];
}

const FILE = new URL("../../../tests/vectors/guard/pages.json", import.meta.url);
const VECTORS: Vectors = JSON.parse(readFileSync(FILE, "utf8"));

function session(name: string | null): ActiveSession | null {
  const told = name === null ? undefined : VECTORS.sessions[name];
  return told === undefined ? null : made(told);
}

function made(told: ToldSession): ActiveSession {
  return {
    id: told.id,
    grantId: told.grant_id,
    applicationId: told.application_id,
    actor: told.actor,
    subject: told.subject,
    organization: told.organization,
    reason: told.reason,
    ticket: told.ticket,
    restrictions: { scope: told.scope, blockedActions: [], unlocks: false },
    startedAt: new Date(told.started_at),
    endsAt: new Date(told.ends_at),
    idleEndsAt: new Date(told.idle_ends_at),
    lastActiveAt: new Date(told.last_active_at),
    origin: null,
  };
}

const ended = (told: Given) => new Ended(told.cause, session(told.session));
const bytes = (text: string) => new TextEncoder().encode(text);

function typed(told: Given): { name: string; value: string }[] {
  return (told.typed ?? []).map(([name, value]) => ({ name, value }));
}

function banner(told: Given): Uint8Array {
  const shown = session(told.session);
  if (shown === null) throw new Error("a banner shows a session");
  const serverNow = new Date(told.server_now);
  const { nonce, can_write: canWrite } = told;
  return new Banner(shown, told.links).render({ serverNow, nonce, canWrite });
}

const CALLS: Readonly<Record<string, (told: Given) => unknown>> = {
  ended_page: (told) => pages.endedPage(ended(told), { ...told, typed: typed(told) }),
  gone_page: (told) => pages.gonePage(ended(told), { ...told, typed: typed(told) }),
  refused_page: (told) =>
    pages.refusedPage(told.status, told.detail, {
      home: told.home,
      session: session(told.session),
      banner: bytes(told.banner),
      typed: typed(told),
      offer: told.offer ? { at: told.offer[0], write: told.offer[1] } : null,
    }),
  asked_page: (told) => pages.askedPage({ back: told.back, isAllowed: told.is_allowed }),
  not_asked_page: (told) => pages.notAskedPage(told.status, told.detail, told),
  mismatch_page: (told) =>
    pages.mismatchPage(told.who, told.whose, { ...told, typed: typed(told) }),
  for_whom_page: (told) => pages.forWhomPage(told.who, told),
  confirm_page: (told) => pages.confirmPage(session(told.session), told),
  not_ended_page: (told) => pages.notEndedPage(told),
  left_page: (told) => pages.leftPage(told.target, { toApp: told.to_app }),
  launch_failed_page: (told) => pages.launchFailedPage(told.status, told.detail, told),
  started_page: (told) => pages.startedPage(told.target),
  not_started_page: (told) =>
    pages.notStartedPage(told.status, told.detail, {
      back: told.back,
      inDoubt: told.in_doubt,
      typed: typed(told),
    }),
  plain_page: ({ status, title, content, ancestors, banner: above }) =>
    plainPage(status, title, content, { ancestors, banner: bytes(above) }),
  problem: (told) => problem(told.status, told.code, told.detail, told.more),
  banner,
  page_script: (told) => pageScript(told.src, told.identity, told.nonce),
  cause_text: (told) => wording.causeText(told.cause),
  refusal_text: (told) => wording.refusalText(told.code, told.label),
  differs_text: (told) => wording.differsText(told.names),
  page_text: (told) => wording.pageText(told.mark, session(told.session)),
  subject_text: (told) => wording.subjectText(session(told.session)),
  fields_of: (told) =>
    fieldsOf(told.content_type, Buffer.from(told.body, "latin1")).map(({ name, value }) => [
      name,
      value,
    ]),
  nonce_in: (told) => nonceIn(told.policies),
  may_run: (told) => mayRun(told.policies, told.address, told.nonce),
  wants_page: (told) => wantsPage(new Map(Object.entries(told.headers))),
};

/** What a call gives, as vectors have it: pages without the style, which all of them share. */
function outcome(given: unknown): unknown {
  if (given instanceof Uint8Array) return Buffer.from(given).toString("latin1");
  if (!(given instanceof Answer)) return given;
  const text = Buffer.from(given.body).toString();
  const body = text.startsWith("{") ? JSON.parse(text) : text.replace(VECTORS.style, "");
  return { status: given.status, headers: given.allHeaders(), body };
}

/** How many bytes JSON takes is each writer's own. */
function withoutLength(found: unknown, call: string): unknown {
  if (call !== "problem") return found;
  const { headers, ...rest } = found as { headers: [string, string][] };
  return { ...rest, headers: headers.filter(([name]) => name !== "content-length") };
}

test.each(VECTORS.cases)("$name: $call", (told) => {
  const found = withoutLength(outcome(CALLS[told.call]?.(told.given)), told.call);
  expect(found).toEqual(withoutLength(told.expect, told.call));
});

test("every page and every text has a vector", () => {
  const calls = VECTORS.cases.map(({ call }) => call);
  expect(new Set(calls)).toEqual(new Set(Object.keys(CALLS)));
  const causes = VECTORS.cases.filter(({ call }) => call === "cause_text");
  expect(new Set(causes.map(({ given }) => given.cause))).toEqual(
    new Set([null, ...Object.values(EndCause)]),
  );
});

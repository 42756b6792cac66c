/** Refusals as people and programs get them: a page that explains, or a problem with a code. */

import type { Ended } from "./cache.ts";
import { clearCookie, OVERLAY } from "./cookies.ts";
import { SAFE_METHODS } from "./core/restrictions.ts";
import type { Refuse } from "./guard.ts";
import { marked, OWN } from "./pageMarks.ts";
import { endedPage, refusedPage } from "./pages.ts";
import type { Routes } from "./routes.ts";
import { endingFacts } from "./staying.ts";
import type { Field } from "./typedText.ts";
import { Answer, type Headers, problem, wantsPage } from "./visit.ts";
import { forgotten } from "./wayBack.ts";
import { causeText, differsText, refusalText } from "./wording.ts";

export interface Refused {
  readonly method: string;
  /** In lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly base: string;
  readonly now: number;
  /** What all Cookie headers hold. */
  readonly cookie?: string;
  /** Given back on a page. */
  readonly typed?: readonly Field[];
}

/** What the browser gets in place of the app's answer. */
export function refusalAnswer(refuse: Refuse, routes: Routes, refused: Refused): Answer {
  if (refuse.ended !== null) return overAnswer(refuse, refuse.ended, routes, refused);
  if (refuse.status === 204) return new Answer({ status: 204 });
  const answer = goesOnAnswer(refuse, routes, refused);
  const more: Headers = [
    ...(refuse.status === 503 ? ([["retry-after", "1"]] as const) : []),
    ...(refuse.held === null ? [] : ([["understudy-impersonation", "1"]] as const)),
  ];
  return answer.withHeaders(...more);
}

function overAnswer(refuse: Refuse, ended: Ended, routes: Routes, refused: Refused): Answer {
  const { method, headers, base, cookie = "", typed = [] } = refused;
  if (!wantsPage(headers)) {
    const { cause } = endingFacts(ended);
    return problem(refuse.status, refuse.code, causeText(ended.cause), { cause });
  }
  const undone = !SAFE_METHODS.has(method);
  const home = routes.backOf(cookie) ?? base + routes.home;
  const answer = endedPage(ended, { undone, home, dashboard: routes.dashboard, typed });
  // Only where a person reads that the session is over: a page in the background, losing the
  // cookie unseen, would go on as the agent.
  const seen = (headers.get("sec-fetch-dest") ?? "document") === "document";
  return seen ? answer.withHeaders(...over(routes, cookie)) : answer;
}

/** A browser that is left to itself on the app's own host; its epoch begins anew. */
function over(routes: Routes, cookie: string): Headers {
  const cookies = [clearCookie(OVERLAY), ...forgotten(cookie), ...routes.epoch.cookies(OWN)];
  return cookies.map((one) => ["set-cookie", one]);
}

function goesOnAnswer(refuse: Refuse, routes: Routes, refused: Refused): Answer {
  const { status, code, held } = refuse;
  const detail = detailOf(refuse);
  const at = `${refused.base}${routes.prefix}/unlock`;
  if (!wantsPage(refused.headers)) {
    return problem(
      status,
      code,
      detail,
      refuse.offer ? { unlock: { at, write: refuse.offer } } : {},
    );
  }
  const home = refused.base + routes.home;
  const { now, typed = [] } = refused;
  if (held === null) return refusedPage(status, detail, { home, typed });
  const { session } = held;
  const kept = held.banner(routes.links(refused.base));
  const banner = kept.render({ serverNow: held.serverTime(now), nonce: null });
  const offer = refuse.offer && { at: marked(at, session.id), write: refuse.offer };
  return refusedPage(status, detail, { home, session, banner, typed, offer: offer || null });
}

function detailOf({ code, label, differs }: Refuse): string {
  const detail = refusalText(code, label);
  return differs.length > 0 ? `${detail} ${differsText(differs)}` : detail;
}

/** The page for a person whose request came from somebody else's page, and was not carried out. */

import type { Held } from "../cache.ts";
import type { Refuse } from "../guard.ts";
import { PAGE_CODES, UNMARKED } from "../pageJudge.ts";
import { marked, OWN } from "../pageMarks.ts";
import { forWhomPage, mismatchPage } from "../pages.ts";
import type { Routes } from "../routes.ts";
import type { Runtime } from "../runtime.ts";
import type { Field } from "../typedText.ts";
import type { ActiveSession } from "../values.ts";
import { type Answer, wantsPage } from "../visit.ts";
import { pageText, subjectText } from "../wording.ts";
import type { Request } from "./request.ts";

export interface MismatchFacts {
  readonly routes: Routes;
  readonly runtime: Runtime;
  readonly typed: readonly Field[];
}

/** True where a person is told so; programs get a problem with the code. */
export function isMismatch({ asked, headers }: Request, refuse: Refuse): boolean {
  return PAGE_CODES.has(refuse.code) && !asked.socket && wantsPage(headers);
}

/** The answer; `typed` is given back. It changes no cookie. */
export function mismatchAnswer(request: Request, refuse: Refuse, facts: MismatchFacts): Answer {
  const { held } = refuse;
  const { onlyReads } = request.asked;
  const home = request.base + facts.routes.home;
  const who = held === null ? "yourself" : subjectText(held.session);
  if (refuse.code === UNMARKED && onlyReads) {
    const identity = held === null ? OWN : held.session.id;
    return forWhomPage(who, { address: marked(request.target, identity), home });
  }
  const again = onlyReads ? request.target : null;
  const whose = whoseOf(request, refuse, facts.runtime);
  const answer = mismatchPage(who, whose, { typed: facts.typed, again, home });
  return held === null ? answer : answer.withHeaders(["understudy-impersonation", "1"]);
}

function whoseOf({ asked }: Request, refuse: Refuse, runtime: Runtime): string | null {
  if (refuse.code === UNMARKED) return null;
  const session = asked.mark ? runtime.cache.sessionOf(asked.mark) : null;
  return pageText(asked.mark, isTold(session, refuse.held) ? session : null);
}

/** Marks can be made up: whom somebody else worked as is told to nobody. */
function isTold(session: ActiveSession | null, held: Held | null): boolean {
  if (session === null || held === null) return false;
  return session.actor.id === held.session.actor.id;
}

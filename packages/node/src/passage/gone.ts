/** What is left at the origin of a session that is over: nothing of the app, for anybody. */

import { emptied } from "../appCookies.ts";
import type { Ended } from "../cache.ts";
import { SAFE_METHODS } from "../core/restrictions.ts";
import { gonePage } from "../pages.ts";
import type { Routes } from "../routes.ts";
import { endingFacts } from "../staying.ts";
import type { Field } from "../typedText.ts";
import { type Answer, problem, wantsPage } from "../visit.ts";
import { causeText } from "../wording.ts";
import type { Request } from "./request.ts";

/**
 * 410, as this address will never answer again (RFC 9110, section 15.5.11).
 *
 * `typed` is given back.
 */
export function goneAnswer(
  request: Request,
  ended: Ended,
  routes: Routes,
  typed: readonly Field[] = [],
): Answer {
  return answerOf(request, ended, routes, typed).withHeaders(...emptied(request.asked.cookie));
}

function answerOf(
  { asked, headers, method }: Request,
  ended: Ended,
  routes: Routes,
  typed: readonly Field[],
): Answer {
  if (asked.socket || !wantsPage(headers)) {
    const { cause } = endingFacts(ended);
    return problem(410, "session_over", causeText(ended.cause), { cause });
  }
  const { dashboard } = routes;
  const undone = !SAFE_METHODS.has(method);
  return gonePage(ended, { undone, dashboard, back: routes.backOf(asked.cookie), typed });
}

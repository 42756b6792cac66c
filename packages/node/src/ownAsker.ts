/** Whether what is asked for comes from a page of the browser's own owner, outside any session. */

import { holdsOverlay } from "./browserSessions.ts";
import { currentImpersonation } from "./context.ts";
import { Refused } from "./core/errors.ts";
import { isKnown } from "./epoch.ts";
import { judgePage } from "./pageJudge.ts";
import { HEADER, OWN, oneOf, splitQuery } from "./pageMarks.ts";
import { Unmarked } from "./unmarked.ts";
import type { Visit } from "./visit.ts";
import { refusalText } from "./wording.ts";

/**
 * Return only in a browser without a session, be it one that is over.
 *
 * @throws {Refused} by `rule`.
 */
export function requireNoSession(visit: Visit, rule: string): void {
  if (visit.atSessionOrigin || holdsOverlay(visit) || currentImpersonation() !== null) {
    throw new Refused(refusalText(rule), rule);
  }
}

/**
 * Return only in a browser without a session, on a page that is its owner's.
 *
 * @throws {Refused} a page of a subject asks, or may do so; by `rule` where there is a session.
 */
export function requireOwnPage(visit: Visit, rule: string): void {
  requireNoSession(visit, rule);
  const known = isKnown(visit.cookie);
  const code = judgePage(markOf(visit), OWN, Unmarked.BY_METHOD, { changes: true, known });
  if (code !== null) throw new Refused(refusalText(code), code);
}

/** The mark of the page that asks, in the address or in the header that stands for it. */
function markOf(visit: Visit): string | null {
  const marks = [splitQuery(visit.query)[1], visit.header(HEADER)];
  return oneOf(marks.filter((mark) => mark !== null));
}

/** Whether a request comes from a page of whoever it would be carried out for. */

import { Unmarked } from "./unmarked.ts";

export const OF_ANOTHER = "page_of_another_session";
export const UNMARKED = "page_unmarked";
export const REPORT = "report_dropped";
export const PAGE_CODES: ReadonlySet<string> = new Set([OF_ANOTHER, UNMARKED]);

export type PageCode = typeof OF_ANOTHER | typeof UNMARKED | typeof REPORT;

export interface Circumstances {
  readonly changes: boolean;
  readonly known: boolean;
}

/**
 * Why a request goes no further, or null.
 *
 * `mark` is whose page it says to come from. `identity` is whom it would be carried out for: the
 * public id of the session, or `own`. `changes` where it may change something, by any method that it
 * may be taken for, or is a live connection. `known` while the browser has, or had lately, a
 * session: before that there are no pages of anybody else.
 */
export function judgePage(
  mark: string | null,
  identity: string,
  unmarked: Unmarked,
  { changes, known }: Circumstances,
): PageCode | null {
  if (mark !== null) return mark === identity ? null : OF_ANOTHER;
  if (!known || unmarked === Unmarked.PASSES) return null;
  if (unmarked === Unmarked.ASKS_FIRST) return UNMARKED;
  if (!changes) return null;
  return unmarked === Unmarked.REPORT ? REPORT : UNMARKED;
}

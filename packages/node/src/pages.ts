/** The SDK's few pages, each of them plain. */

import type { Ended } from "./cache.ts";
import { escaped } from "./escaping.ts";
import { plainPage, typedAgain } from "./plainPage.ts";
import type { Field } from "./typedText.ts";
import type { ActiveSession } from "./values.ts";
import type { Answer } from "./visit.ts";
import { causeText, subjectText } from "./wording.ts";

const NOT_DONE = "What you just sent was not carried out: nothing was saved or changed.";
const NOT_OPENED = "The page that you asked for was not opened.";
const UNFRAMED = { ancestors: "'none'" };

export interface EndedPage {
  /** When the request would have changed something. */
  readonly undone: boolean;
  readonly home: string;
  readonly dashboard: string;
  /** Given back, to be copied. */
  readonly typed?: readonly Field[];
}

/** The session is over. */
export function endedPage(
  ended: Ended,
  { undone, home, dashboard, typed = [] }: EndedPage,
): Answer {
  return plainPage(
    401,
    "This session is over",
    `<p>You no longer work as <b>${escaped(subjectText(ended.session))}</b>. ` +
      `${escaped(causeText(ended.cause))}</p>` +
      `<p>${undone ? NOT_DONE : NOT_OPENED}</p>${typedAgain(typed)}` +
      `<div class="row"><a class="button" href="${escaped(home)}">Continue as yourself</a>` +
      `<a href="${escaped(dashboard)}">Open Understudy</a></div>`,
  );
}

export interface GonePage extends Omit<EndedPage, "home"> {
  /** Where in the app the session was started, if it was there. */
  readonly back?: string | null;
}

/** The origin of a session that is over, or of none. */
export function gonePage(
  ended: Ended,
  { undone, dashboard, back = null, typed = [] }: GonePage,
): Answer {
  const label = back === null ? "Open Understudy" : "Back to the app";
  return plainPage(
    410,
    "This session is over",
    `<p>${escaped(causeText(ended.cause))}</p>` +
      `<p>${undone ? `${NOT_DONE} ` : ""}This address belonged to it alone, ` +
      `and opens nothing any more.</p>${typedAgain(typed)}` +
      `<div class="row"><a class="button" href="${escaped(back ?? dashboard)}">${label}</a></div>`,
  );
}

export interface RefusedPage {
  readonly home: string;
  readonly session?: ActiveSession | null;
  readonly banner?: Uint8Array;
  readonly typed?: readonly Field[];
  readonly offer?: Offer | null;
}

/** A change that can be asked for, packed, and the address for that. */
interface Offer {
  readonly at: string;
  readonly write: string;
}

/** Refused while the session, if there is one, goes on; `typed` is given back. */
export function refusedPage(
  status: number,
  detail: string,
  { home, session = null, banner = new Uint8Array(), typed = [], offer = null }: RefusedPage,
): Answer {
  const who =
    session === null
      ? ""
      : `<p class="soft">You still work as <b>${escaped(subjectText(session))}</b>.</p>`;
  const title = status === 403 ? "Not while impersonating" : "This did not work";
  const undone = status === 500 ? "" : " Nothing was changed.";
  const way = offer === null ? ' class="button"' : "";
  return plainPage(
    status,
    title,
    `<p>${escaped(detail)}${undone}</p>${who}${typedAgain(typed)}${asking(offer)}` +
      `<div class="row"><a${way} href="${escaped(home)}">Back to the app</a></div>`,
    { banner },
  );
}

/** The form that asks for one change; nothing where nobody can. */
function asking(offer: Offer | null): string {
  if (offer === null) return "";
  return (
    `<form method="post" action="${escaped(offer.at)}">` +
    `<input type="hidden" name="write" value="${escaped(offer.write)}">` +
    "<label>Why has this to be changed for the user? Somebody else decides, about this change " +
    "alone.<textarea name=reason required minlength=10 maxlength=1000 rows=2></textarea>" +
    "</label><button>Ask for this change</button></form>"
  );
}

export interface AskedPage {
  readonly back: string;
  /** Where policies allow it at once. */
  readonly isAllowed?: boolean;
}

/** A change was asked for. */
export function askedPage({ back, isAllowed = false }: AskedPage): Answer {
  const begins = isAllowed ? "S" : "Somebody else decides about it. Once it is allowed, s";
  return plainPage(
    200,
    isAllowed ? "This change is allowed" : "You asked for this change",
    `<p>${begins}end the form again as it was, within ten minutes: exactly this change goes ` +
      "through, once.</p>" +
      `<div class="row"><a class="button" href="${escaped(back)}">Back to the app</a></div>`,
  );
}

/** A change could not be asked for. */
export function notAskedPage(
  status: number,
  detail: string,
  { back }: { readonly back: string },
): Answer {
  return plainPage(
    status,
    "This was not asked for",
    `<p>${escaped(detail)}</p>` +
      `<div class="row"><a class="button" href="${escaped(back)}">Back to the app</a></div>`,
  );
}

export interface MismatchPage {
  readonly typed: readonly Field[];
  /** The address that was asked for, of one that only reads. */
  readonly again: string | null;
  readonly home: string;
}

/**
 * A page was not the browser's present user's, and nothing was done.
 *
 * `who` is whom the browser works as, `whose` how the page was opened, null where it does not say.
 * `typed` is given back.
 */
export function mismatchPage(
  who: string,
  whose: string | null,
  { typed, again, home }: MismatchPage,
): Answer {
  const came = whose
    ? `It comes from a page that was opened <b>${escaped(whose)}</b>.`
    : "It does not say whose page it comes from. Reload that page, then try again; " +
      "a page that cannot run Understudy's script is read only.";
  const way = again
    ? `<a class="button" href="${escaped(again)}">Open it as ${escaped(who)}</a>`
    : "";
  return plainPage(
    409,
    whose ? "This page is somebody else's" : "Whose page is this?",
    `<p>${came} This browser now works as <b>${escaped(who)}</b>.</p>` +
      `<p>${again ? NOT_OPENED : NOT_DONE}</p>${typedAgain(typed)}` +
      `<div class="row">${way}<a href="${escaped(home)}">Back to the app</a></div>`,
  );
}

/** Says for whom it would be done, before an address is read that changes something. */
export function forWhomPage(
  who: string,
  { address, home }: { readonly address: string; readonly home: string },
): Answer {
  return plainPage(
    409,
    `Go on as ${who}?`,
    "<p>Opening this address may change something, and nothing was done yet. " +
      `It will be done for <b>${escaped(who)}</b>.</p>` +
      `<div class="row"><a class="button" href="${escaped(address)}">Go on as ${escaped(who)}</a>` +
      `<a href="${escaped(home)}">Back to the app</a></div>`,
    UNFRAMED,
  );
}

export interface ConfirmPage {
  readonly live: boolean;
  readonly end: string;
  readonly home: string;
}

/** Asks whether to end the session; works where the app's own pages may not post a form. */
export function confirmPage(
  session: ActiveSession | null,
  { live, end, home }: ConfirmPage,
): Answer {
  const text = live
    ? `<p>You work as <b>${escaped(subjectText(session))}</b>. Your own sign-in stays as it was.</p>`
    : "<p>There is no live session in this browser.</p>";
  return plainPage(
    200,
    live ? "End this session?" : "No session to end",
    `${text}<div class="row"><form method="post" action="${escaped(end)}">` +
      `<button type="submit">${live ? "End session" : "Continue as yourself"}</button></form>` +
      `<a href="${escaped(home)}">Back to the app</a></div>`,
    UNFRAMED,
  ).withHeaders(["referrer-policy", "same-origin"]);
}

/** End was pressed on a page of another session than the one that goes on. */
export function notEndedPage({
  end,
  home,
}: {
  readonly end: string;
  readonly home: string;
}): Answer {
  return plainPage(
    409,
    "Nothing was ended",
    "<p>The page where you pressed End belongs to another session than the one in this " +
      "browser, which goes on.</p>" +
      `<div class="row"><a class="button" href="${escaped(end)}">See which session goes on</a>` +
      `<a href="${escaped(home)}">Back to the app</a></div>`,
    UNFRAMED,
  );
}

/**
 * The session has ended; goes on to `target` on another site by itself, `toApp` or to us.
 *
 * Not a redirect: a page's `form-action` covers the whole chain, and would stop the browser behind
 * a form that has taken effect already.
 */
export function leftPage(target: string, { toApp }: { readonly toApp: boolean }): Answer {
  return plainPage(
    200,
    "Session ended",
    '<p>You are yourself again.</p><div class="row">' +
      `<a class="button" href="${escaped(target)}">` +
      `${toApp ? "Back to the app" : "Continue to Understudy"}</a></div>`,
  ).withHeaders(["refresh", `0; url=${target}`]);
}

export interface LaunchFailedPage {
  readonly home: string;
  readonly dashboard: string;
}

/** A hand-off that did not come about. */
export function launchFailedPage(
  status: number,
  detail: string,
  { home, dashboard }: LaunchFailedPage,
): Answer {
  return plainPage(
    status,
    "The session did not start",
    `<p>${escaped(detail)}</p><p>Nothing was changed. Start it again from Understudy.</p>` +
      `<div class="row"><a class="button" href="${escaped(dashboard)}">Open Understudy</a>` +
      `<a href="${escaped(home)}">Back to the app</a></div>`,
    UNFRAMED,
  );
}

/** A session was started, and is at another origin; goes on to `target` by itself. */
export function startedPage(target: string): Answer {
  return plainPage(
    200,
    "Starting the session",
    '<p>It opens at an address of its own.</p><div class="row">' +
      `<a class="button" href="${escaped(target)}">Go on</a></div>`,
    UNFRAMED,
  ).withHeaders(["refresh", `0; url=${target}`]);
}

export interface NotStartedPage {
  readonly back: string;
  readonly inDoubt?: boolean;
  /** Given back, to be copied. */
  readonly typed?: readonly Field[];
}

/** Somebody of the app's staff wanted to start a session: there is none, or none they know. */
export function notStartedPage(
  status: number,
  detail: string,
  { back, inDoubt = false, typed = [] }: NotStartedPage,
): Answer {
  return plainPage(
    status,
    inDoubt ? "The session may have started" : "The session did not start",
    `<p>${escaped(detail)}</p>${typedAgain(typed)}` +
      `<div class="row"><a class="button" href="${escaped(back)}">Back to the app</a></div>`,
    UNFRAMED,
  );
}

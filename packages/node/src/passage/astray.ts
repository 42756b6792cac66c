/**
 * Requests at a place where they have no business, told by Host, Origin and Referer alone.
 *
 * Labels and the app's own host are one site to browsers: what a page of a session sends to the
 * app's own host carries the agent's cookies, Strict ones too.
 */

import { Ended, Held } from "../cache.ts";
import { Pass, Refuse } from "../guard.ts";
import { OF_ANOTHER } from "../pageJudge.ts";
import { Nowhere, OWN_HOST, type Place, type Places, SessionOrigin } from "../place.ts";
import { type Answer, seeOther, wantsPage } from "../visit.ts";
import type { Request } from "./request.ts";

const NOT_HERE = new Refuse(404, "not_found");
const UNKNOWN = new Refuse(401, "session_over", { ended: new Ended(null) });
const ANOTHER_ORIGIN = new Refuse(403, "another_origin");
const OF_ANOTHER_SESSION = new Refuse(409, OF_ANOTHER);
const NO_WORKERS = new Refuse(403, "service_worker_refused");

export type Judged = Pass | Held | Refuse;

/** Why a request goes no further, before any cookie is looked at. */
export function astray(request: Request, place: Place, places: Places): Answer | Refuse | null {
  const { headers } = request;
  if (place instanceof Nowhere) return NOT_HERE;
  if (place instanceof SessionOrigin) {
    // A worker would answer for the origin when its session is over.
    return headers.get("service-worker") === "script" ? NO_WORKERS : null;
  }
  if (places.ofAddress(headers.get("origin") ?? null) !== OWN_HOST) return OF_ANOTHER_SESSION;
  const cameFrom = places.ofAddress(headers.get("referer") ?? null);
  if (cameFrom instanceof SessionOrigin && isLedHere(request)) return ledBack(request, cameFrom);
  return null;
}

/** `verdict` on the cookies, held to the place to which its session is bound. */
export function atPlace(verdict: Judged, place: Place): Judged {
  const here = place instanceof SessionOrigin ? place.origin : null;
  const held = verdict instanceof Refuse ? verdict.held : verdict;
  if (held instanceof Held && held.session.origin !== here) {
    // Told apart only on the app's own host: a label says of no other session that there is one.
    return here === null ? ANOTHER_ORIGIN : UNKNOWN;
  }
  return verdict instanceof Pass && here !== null ? UNKNOWN : verdict;
}

function isLedHere(request: Request): boolean {
  // A page as a whole: what else a page asks of another host has an Origin, or is a picture.
  const destination = request.headers.get("sec-fetch-dest") ?? "document";
  return request.method === "GET" && destination === "document" && wantsPage(request.headers);
}

function ledBack(request: Request, place: SessionOrigin): Answer {
  return seeOther(place.origin + request.target);
}

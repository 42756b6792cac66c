/** What goes out in place of the app's answer to one request. */

import type { Refuse } from "../guard.ts";
import { SessionOrigin } from "../place.ts";
import { refusalAnswer } from "../refusals.ts";
import type { Routes } from "../routes.ts";
import type { Field } from "../typedText.ts";
import type { Answer } from "../visit.ts";
import { goneAnswer } from "./gone.ts";
import type { Request } from "./request.ts";

export interface TurningAway {
  readonly now: number;
  /** Given back on the page that a person sees. */
  readonly typed?: readonly Field[];
}

/** The answer of `refuse`. Who opens a live connection is a program, and sees no page. */
export function answerTo(
  request: Request,
  refuse: Refuse,
  routes: Routes,
  { now, typed = [] }: TurningAway,
): Answer {
  const { asked, base } = request;
  if (refuse.ended !== null && request.place instanceof SessionOrigin) {
    return goneAnswer(request, refuse.ended, routes, typed);
  }
  return refusalAnswer(refuse, routes, {
    method: asked.socket ? "GET" : request.method,
    headers: asked.socket ? new Map() : request.headers,
    base,
    now,
    cookie: asked.cookie,
    typed,
  });
}

/**
 * How an actor asks that one blocked change be allowed: from the page that refused it, or by a
 * script.
 */

import type { Addresses } from "../addresses.ts";
import { tokenOf } from "../browserSessions.ts";
import { Ended, type Held } from "../cache.ts";
import {
  MalformedRequest,
  Refused,
  SessionOver,
  Unavailable,
  UnderstudyError,
  UnsupportedMediaType,
} from "../core/errors.ts";
import { tokenHash } from "../core/tokens.ts";
import type { Write } from "../core/unlocks.ts";
import { mediaType } from "../mediaType.ts";
import { OF_ANOTHER } from "../pageJudge.ts";
import { HEADER, oneOf, splitQuery } from "../pageMarks.ts";
import { askedPage, notAskedPage } from "../pages.ts";
import { asking, readingBody, type VisitSteps, waiting } from "../passage/steps.ts";
import type { Runtime } from "../runtime.ts";
import { crossSiteRefusal } from "../sameSite.ts";
import { type Answer, jsonAnswer, problem, type Visit, wantsPage } from "../visit.ts";
import { causeText, refusalText } from "../wording.ts";
import { unescaped } from "./strictText.ts";
import { Unbound } from "./unbound.ts";
import type { AskedFor } from "./values.ts";
import { MOST_TEXT, unpacked } from "./wire.ts";

/** How long a person waits for the service. */
const SECONDS = 6;
const ALLOWED = "allowed";
const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const UNREADABLE = "What was sent cannot be read.";

/** Answers those who ask. Whoever asks holds the session, on a page of it. */
export class Asking {
  readonly #runtime: () => Runtime;
  readonly #addresses: Addresses;

  constructor(runtime: () => Runtime, addresses: Addresses) {
    this.#runtime = runtime;
    this.#addresses = addresses;
  }

  /** Ask for a change, or say why that cannot be. */
  *ask(visit: Visit): VisitSteps<Answer> {
    const refusal = crossSiteRefusal(visit);
    if (refusal !== null) return refusal;
    const body = yield* readingBody(MOST_TEXT + 1);
    try {
      const { id, status } = yield* this.#ask(visit, body);
      if (!isForPeople(visit)) return jsonAnswer({ asked: true, id, status });
      return askedPage({ back: this.#addresses.pageLeft(visit), isAllowed: status === ALLOWED });
    } catch (error) {
      if (error instanceof UnderstudyError) return this.#refused(visit, error);
      throw error;
    }
  }

  *#ask(visit: Visit, body: Uint8Array): VisitSteps<AskedFor> {
    const { session } = yield* this.#session(visit);
    const [write, reason] = readAsking(visit, body);
    const { calls, gateway } = this.#runtime();
    const asked = calls.submit(() => gateway.askUnlock(session.id, write, reason));
    const settled = yield* waiting(asked, SECONDS);
    if (settled === null) throw new Unavailable(null, { internal: "no answer in time" });
    if ("error" in settled) throw settled.error;
    return settled.value;
  }

  *#session(visit: Visit): VisitSteps<Held> {
    const token = tokenOf(visit);
    if (token === null) throw new SessionOver(causeText(null));
    const runtime = this.#runtime();
    const key = tokenHash(token.reveal());
    const found = runtime.cache.find(key) ?? (yield* asking(runtime, token, key));
    if (found instanceof Ended) throw new SessionOver(causeText(found.cause));
    const mark = markOf(visit);
    if (mark !== null && mark !== found.session.id) {
      throw new Refused(refusalText(OF_ANOTHER), OF_ANOTHER);
    }
    return found;
  }

  #refused(visit: Visit, error: UnderstudyError): Answer {
    const code = error instanceof Refused ? error.rule : error.code;
    if (!isForPeople(visit)) return problem(error.status, code, error.detail);
    return notAskedPage(error.status, error.detail, { back: this.#addresses.pageLeft(visit) });
  }
}

/**
 * What is asked for, and why.
 *
 * @throws {UnsupportedMediaType} neither JSON nor a form, which another site can send unasked.
 * @throws {MalformedRequest} it cannot be read.
 */
function readAsking(visit: Visit, body: Uint8Array): [write: Write, reason: string] {
  const kind = mediaType(visit.header("content-type") ?? "");
  if (kind !== JSON_TYPE && kind !== FORM_TYPE) throw new UnsupportedMediaType();
  const fields = fieldsIn(kind, body);
  if (fields === null) throw new MalformedRequest("This is no JSON object.");
  const write = fields.get("write");
  const reason = fields.get("reason") ?? "";
  if (typeof write !== "string" || typeof reason !== "string") {
    throw new MalformedRequest("It takes a write and a reason.");
  }
  return [unpacked(write), reason];
}

function fieldsIn(kind: string, body: Uint8Array): ReadonlyMap<string, unknown> | null {
  if (body.length > MOST_TEXT) throw new MalformedRequest(UNREADABLE);
  try {
    const text = Buffer.from(body).toString();
    if (kind === FORM_TYPE) return new Map(text.split("&").map(pairOf));
    const found: unknown = JSON.parse(text);
    if (typeof found !== "object" || found === null || Array.isArray(found)) return null;
    return new Map(Object.entries(found));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Unbound) {
      throw new MalformedRequest(UNREADABLE);
    }
    throw error;
  }
}

function pairOf(pair: string): [string, string] {
  const equals = pair.indexOf("=");
  if (equals < 0) return [unescaped(pair), ""];
  return [unescaped(pair.slice(0, equals)), unescaped(pair.slice(equals + 1))];
}

function markOf(visit: Visit): string | null {
  const told = [splitQuery(visit.query)[1], visit.header(HEADER)];
  return oneOf(told.filter((mark) => mark !== null));
}

function isForPeople(visit: Visit): boolean {
  return wantsPage(new Map(visit.headers));
}

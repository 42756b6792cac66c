/**
 * Who caused what runs later, elsewhere or below the app's own code: jobs, log records, rows.
 *
 * An attribution says who worked as whom, and gives nobody any power: nothing asks it for
 * permission, and where one stands, what is forbidden while impersonating is refused. So it is not
 * signed. Whoever can write into a queue can have any job run anyway; a forged attribution only
 * takes away.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { asNobody, type Impersonation, presentRequest } from "./context.ts";
import { warn } from "./logging.ts";
import { onePerProcess } from "./onePerProcess.ts";

const UNREADABLE = "unreadable";

export interface AttributionFacts {
  readonly sessionId: string;
  readonly actorId: string;
  readonly subjectId: string;
  readonly actorEmail?: string | null;
  readonly actorName?: string | null;
}

/** An attribution as queues carry it, the same in every language. */
export interface CarriedAttribution {
  readonly session_id: string;
  readonly actor_id: string;
  readonly subject_id: string;
  readonly actor_email?: string;
  readonly actor_name?: string;
}

/**
 * Who worked as whom, and in which session; neither a token nor anything that leads to one.
 *
 * Ids are the service's own for session and actor, the application's for the subject. The actor's
 * address and name are null where they are unknown, or are not to travel.
 */
export class Attribution {
  readonly sessionId: string;
  readonly actorId: string;
  readonly subjectId: string;
  readonly actorEmail: string | null;
  readonly actorName: string | null;

  constructor(facts: AttributionFacts) {
    this.sessionId = facts.sessionId;
    this.actorId = facts.actorId;
    this.subjectId = facts.subjectId;
    this.actorEmail = facts.actorEmail ?? null;
    this.actorName = facts.actorName ?? null;
  }

  /** What is told of `impersonation`. */
  static of(impersonation: Impersonation): Attribution {
    const { sessionId, actor, subject } = impersonation;
    return new Attribution({
      sessionId,
      actorId: actor.id,
      subjectId: subject.id,
      actorEmail: actor.email,
      actorName: actor.name,
    });
  }

  /** Its ids alone, for JSON: where what is carried is also printed. */
  ids(): CarriedAttribution {
    return { session_id: this.sessionId, actor_id: this.actorId, subject_id: this.subjectId };
  }

  /** It as JSON, without what is null or empty. */
  toJSON(): CarriedAttribution {
    return {
      ...this.ids(),
      ...(this.actorEmail ? { actor_email: this.actorEmail } : {}),
      ...(this.actorName ? { actor_name: this.actorName } : {}),
    };
  }

  /**
   * What `toJSON` or `ids` made; null for null. Members of later releases are ignored.
   *
   * Anything else is still an attribution, to `unreadable`: what was caused by an actor must not
   * turn into what nobody caused, as more is allowed then.
   */
  static fromJSON(carried: unknown): Attribution | null {
    if (carried === null || carried === undefined) return null;
    const found = read(carried);
    if (found !== null) return found;
    warn("A job carries an attribution that cannot be read", { action: "read_attribution" });
    const unknown = { sessionId: UNREADABLE, actorId: UNREADABLE, subjectId: UNREADABLE };
    return new Attribution(unknown);
  }
}

function read(carried: unknown): Attribution | null {
  if (typeof carried !== "object" || carried === null || Array.isArray(carried)) return null;
  const member = (name: string): unknown => (carried as Record<string, unknown>)[name];
  const ids = ["session_id", "actor_id", "subject_id"].map(member);
  const told = ["actor_email", "actor_name"].map(member);
  if (!ids.every(isText) || !told.every((one) => one === undefined || isText(one))) return null;
  const [sessionId = "", actorId = "", subjectId = ""] = ids;
  return new Attribution({
    sessionId,
    actorId,
    subjectId,
    actorEmail: isText(told[0]) ? told[0] : null,
    actorName: isText(told[1]) ? told[1] : null,
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

const CARRIED = onePerProcess("carried", () => new AsyncLocalStorage<Attribution | null>());

/**
 * Who caused what runs here: the present session's actor, or whoever a job was started by.
 *
 * Null where users act for themselves, and where nobody is known. Unlike `currentImpersonation`
 * this does not count as asking whom the app serves: it is for records.
 */
export function currentAttribution(): Attribution | null {
  const present = presentRequest();
  if (present === null || present.over) return CARRIED.getStore() ?? null;
  return present.impersonation === null ? null : Attribution.of(present.impersonation);
}

/**
 * What `job` gives, which `attribution` says who caused; for what takes work out of queues.
 *
 * Within it nobody works as anybody: `currentImpersonation()` is null, whatever request the
 * queue's worker has got its context from. Only a user's own request, which runs a job at once
 * instead of queueing it, stays what it is where `attribution` is null.
 */
export function attributedTo<T>(attribution: Attribution | null, job: () => T): T {
  const stays = attribution === null && presentRequest()?.impersonation === null;
  return CARRIED.run(attribution, () => (stays ? job() : asNobody(job)));
}

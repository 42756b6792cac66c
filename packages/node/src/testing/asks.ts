/**
 * What a fake service makes of impersonation requests: the product's own rules in short, in their
 * order and by their codes.
 */

import type { Ask } from "../asks.ts";
import { Refused } from "../core/errors.ts";
import type { Scope } from "../core/restrictions.ts";
import { isPrintable } from "../core/text.ts";
import type { Subject } from "../values.ts";

const REASON_MIN_LENGTH = 10;
const REASON_MAX_LENGTH = 1_000;
const TICKET_MAX_LENGTH = 200;
const MAX_MINUTES = 60;
const DEFAULT_MINUTES = 30;
const RANKS_AS_STAFF = "owner";

/** A user whom staff may ask for. The role `owner` ranks as high as staff. */
export interface FakeUser {
  readonly email?: string | null;
  readonly name?: string | null;
  readonly roles?: readonly string[];
  readonly isProtected?: boolean;
  readonly isDisabled?: boolean;
}

/** How far a session goes that was asked for. */
interface Limits {
  readonly reason: string;
  readonly ticket: string | null;
  readonly minutes: number;
  readonly scope: Scope;
}

/** Judges what is asked for. Until a test names a user, everybody exists; then only those do. */
export class Asks {
  readonly #users = new Map<string, FakeUser>();

  /** Somebody who exists from now on. */
  name(subjectId: string, user: FakeUser): void {
    this.#users.set(subjectId, user);
  }

  /**
   * Whom it is about, and how far it goes.
   *
   * @throws Refused a rule says no.
   */
  judged(ask: Ask, actorIsImpersonated: boolean): [Subject, Limits] {
    const user = this.#users.size === 0 ? {} : this.#users.get(ask.subjectId);
    if (user === undefined) throw no("subject_unknown");
    const rule = ofSubject(ask, user) ?? (actorIsImpersonated ? "nested" : null) ?? ofAsk(ask);
    if (rule !== null) throw no(rule);
    const { email = null, name = null, roles = [] } = user;
    const limits = {
      reason: ask.reason.trim(),
      ticket: ask.ticket?.trim() || null,
      minutes: ask.minutes ?? DEFAULT_MINUTES,
      scope: ask.scope ?? "full",
    };
    return [{ id: ask.subjectId, email, name, roles }, limits];
  }
}

function ofSubject({ actor, subjectId }: Ask, user: FakeUser): string | null {
  if (user.isDisabled) return "subject_inactive";
  const isSameAddress = actor.email?.toLowerCase() === (user.email ?? null)?.toLowerCase();
  if (actor.id === subjectId || (actor.email && isSameAddress)) return "subject_is_actor";
  if (user.isProtected) return "subject_protected";
  return user.roles?.includes(RANKS_AS_STAFF) ? "subject_outranks" : null;
}

function ofAsk({ reason, ticket, minutes }: Ask): string | null {
  const { length } = reason.trim();
  if (length === 0) return "reason_missing";
  if (!isPrintable(reason.replaceAll("\n", " "))) return "reason_not_text";
  if (length > REASON_MAX_LENGTH) return "reason_too_long";
  if (length < REASON_MIN_LENGTH) return "reason_too_short";
  if ((ticket?.trim().length ?? 0) > TICKET_MAX_LENGTH) return "ticket_too_long";
  const isInRange = minutes === null || (minutes >= 1 && minutes <= MAX_MINUTES);
  return isInRange ? null : "minutes_out_of_range";
}

function no(rule: string): Refused {
  return new Refused(null, rule);
}

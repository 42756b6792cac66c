/**
 * The service's JSON as values, read strictly, and the other way round.
 *
 * The names are those of `wires/native/schemas/impersonations.py`.
 */

import { type Ask, type Granted, WAITS } from "./asks.ts";
import { Refused } from "./core/errors.ts";
import { type BlockedAction, type Restrictions, SCOPES, type Scope } from "./core/restrictions.ts";
import { END_CAUSES, type EndCause } from "./core/sessions.ts";
import { type Fields, readObject, unreadable } from "./fields.ts";
import { Secret } from "./secret.ts";
import type { Told } from "./userSays.ts";
import {
  type ActiveSession,
  type Actor,
  type Minted,
  Opened,
  type Organization,
  type Presented,
  type RecordedAction,
} from "./values.ts";

/**
 * The body that asks for an impersonation; absent facts are left out.
 *
 * The SDK exchanges the token itself, whatever the application's hand-off is.
 */
export function printAsk(ask: Ask): Buffer {
  const { id, email, name, groups = [] } = ask.actor;
  return print({
    // An older service knows no groups, and is asked as it was where there are none.
    actor: present({ id, email, name, groups: groups.length > 0 ? groups : null }),
    subject_id: ask.subjectId,
    reason: ask.reason,
    ticket: ask.ticket,
    minutes: ask.minutes,
    scope: ask.scope,
    wire: "native",
  });
}

/** The body that exchanges a token; absent facts are left out. */
export function printPresented(presented: Presented): Buffer {
  return print({
    impersonation_token: presented.token.reveal(),
    wire: presented.wire === "native" ? null : presented.wire,
    code_verifier: presented.codeVerifier?.reveal() ?? null,
    redirect_uri: presented.redirectUri,
    attempt: presented.attempt?.reveal() ?? null,
  });
}

/** A body of `members`; those that are null are left out. */
export function print(members: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(JSON.stringify(present(members)));
}

/**
 * The answer to an impersonation request.
 *
 * @throws Refused it waits until others agree; asked again after that, it brings the token.
 * @throws Unavailable it cannot be understood, or brings no token.
 */
export function readGranted(body: Buffer): Granted {
  const fields = readObject(body);
  const grant = fields.object("grant");
  if (grant.optionalText("status") === "pending") {
    throw new Refused(WAITS, "approval_missing");
  }
  return {
    grantId: grant.text("id"),
    token: new Secret(fields.text("impersonation_token")),
    origin: grant.optionalText("origin"),
  };
}

/** A list of blocked actions and the digest by which the service calls it. */
export interface HeldBlocks {
  readonly digest: string;
  readonly actions: readonly BlockedAction[];
}

/**
 * The answer to an exchange or a refresh, and the list of blocked actions to be held, so that it is
 * not sent each time; services of before name none. `held` is the list that the service was told of
 * with this very call.
 *
 * @throws Unavailable it cannot be understood, or leaves out a list that was not named.
 */
export function readHeld(
  body: Buffer,
  held: HeldBlocks | null,
): { opened: Opened; blocks: HeldBlocks | null } {
  const fields = readObject(body);
  const opened = openedOf(fields, held);
  const digest = fields.object("restrictions").optionalText("blocked_digest");
  const actions = opened.session.restrictions.blockedActions;
  return { opened, blocks: digest === null ? null : { digest, actions } };
}

function openedOf(fields: Fields, held: HeldBlocks | null): Opened {
  return new Opened({
    session: sessionOf(fields, held),
    sessionToken: new Secret(fields.text("session_token")),
    leaseExpiresAt: fields.time("lease_expires_at"),
    serverTime: fields.time("server_time"),
    logIndex: fields.number("log_index"),
    returnTo: fields.optionalText("return_to"),
    toldAs: fields.optionalText("told_as"),
  });
}

/**
 * What is to be revoked.
 *
 * @throws Unavailable it cannot be understood.
 */
export function readMinted(body: Buffer): readonly Minted[] {
  return readObject(body)
    .objects("items")
    .map((one) => ({
      id: one.text("id"),
      sessionId: one.text("session_id"),
      kind: one.text("kind"),
      reference: one.text("reference"),
    }));
}

/**
 * Whether the log has the ending that this answers; services of before say nothing of it.
 *
 * @throws Unavailable it cannot be understood.
 */
export function readLogged(body: Buffer): boolean {
  return readObject(body).optionalTruth("logged") !== false;
}

/**
 * What the service tells a user of their own account, as it is.
 *
 * @throws Unavailable it is no object.
 */
export function readTold(body: Buffer): Told {
  return readObject(body).members;
}

/** The cause that `text` names; null for one that a newer service invented. */
export function readCause(text: string | null): EndCause | null {
  return END_CAUSES.find((cause) => cause === text) ?? null;
}

/** The body that records `actions`; absent facts are left out. */
export function printActions(actions: readonly RecordedAction[]): Buffer {
  return print({ actions: actions.map((action) => present(rowOf(action))) });
}

/** `action` by the service's names. */
export function rowOf(action: RecordedAction): Record<string, unknown> {
  const { at, durationMs, userAgent, ...same } = action;
  return { ...same, at: at.toISOString(), duration_ms: durationMs, user_agent: userAgent };
}

function present(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

function sessionOf(fields: Fields, held: HeldBlocks | null): ActiveSession {
  const [session, subject] = [fields.object("session"), fields.object("subject")];
  return {
    id: session.text("id"),
    grantId: session.text("grant_id"),
    applicationId: session.text("application_id"),
    actor: actorOf(session.object("actor")),
    subject: {
      id: subject.text("id"),
      email: subject.optionalText("email"),
      name: subject.optionalText("name"),
      roles: subject.texts("roles"),
    },
    organization: organizationOf(fields.optionalObject("organization")),
    reason: session.text("reason"),
    ticket: session.optionalText("ticket"),
    restrictions: restrictionsOf(fields.object("restrictions"), held),
    startedAt: session.time("started_at"),
    endsAt: session.time("ends_at"),
    idleEndsAt: session.time("idle_ends_at"),
    lastActiveAt: session.time("last_active_at"),
    origin: session.optionalText("origin"),
  };
}

function actorOf(fields: Fields): Actor {
  return {
    kind: fields.text("kind"),
    id: fields.text("id"),
    email: fields.optionalText("email"),
    name: fields.optionalText("name"),
  };
}

function organizationOf(fields: Fields | null): Organization | null {
  return fields && { id: fields.text("id"), name: fields.optionalText("name") };
}

function restrictionsOf(fields: Fields, held: HeldBlocks | null): Restrictions {
  const blockedActions = blockedActionsOf(fields, held);
  // What this guard cannot hide is not served by it.
  const rules = fields.optionalObject("redaction")?.objects("rules") ?? [];
  if (rules.length > 0) throw unreadable("redaction_unsupported");
  const unlocks = fields.optionalTruth("unlocks") === true;
  return { scope: scopeOf(fields.text("scope")), blockedActions, unlocks };
}

function blockedActionsOf(fields: Fields, held: HeldBlocks | null): readonly BlockedAction[] {
  const digest = fields.optionalText("blocked_digest");
  const listed = fields.objects("blocked_actions");
  if (digest !== null && listed.length === 0) {
    // Left out, as we have it; what we do not have is not taken for nothing.
    if (held?.digest !== digest) throw unreadable("blocked_digest");
    return held.actions;
  }
  return listed.map((action) => ({
    method: action.text("method"),
    pattern: action.text("pattern"),
    label: action.text("label"),
  }));
}

function scopeOf(text: string): Scope {
  const scope = SCOPES.find((known) => known === text);
  // A scope that this version does not know cannot be enforced by it.
  if (scope === undefined) throw unreadable("scope");
  return scope;
}

import type { Scope, Settings, StartImpersonation } from "../../api/types";

export const REASON_MAX_LENGTH = 1_000;
const TICKET_MAX_LENGTH = 200;
const LONGEST = 60;
const USUAL_MINUTES = [5, 15, 30, 60];

/** What somebody asks for, as typed. */
export interface Draft {
  reason: string;
  ticket: string;
  minutes: number;
  scope: Scope;
  breakGlass: boolean;
}

/** What a link may fill in; never more than that. */
export interface Prefill {
  reason?: string | undefined;
  ticket?: string | undefined;
}

export type DraftProblems = Partial<Record<"reason" | "ticket", string>>;

/** The request as it stands when the dialog opens. */
export function firstDraft(settings: Settings, prefill: Prefill): Draft {
  return {
    reason: prefill.reason ?? "",
    ticket: prefill.ticket ?? "",
    minutes: Math.min(settings.default_minutes, settings.max_minutes),
    scope: settings.default_scope,
    breakGlass: false,
  };
}

/** What the service would refuse, said before it is asked. It judges everything again. */
export function draftProblems(draft: Draft, settings: Settings): DraftProblems {
  const problems: DraftProblems = {};
  const missing = settings.reason_min_length - reasonLength(draft.reason);
  if (reasonLength(draft.reason) === 0) problems.reason = "Say why: it is kept in the audit log.";
  else if (missing > 0) problems.reason = `${missing} more ${plural(missing)} needed.`;
  else if (reasonLength(draft.reason) > REASON_MAX_LENGTH) problems.reason = "Too long.";
  if (settings.ticket_required && draft.ticket.trim() === "") {
    problems.ticket = "This application requires a ticket.";
  } else if (Array.from(draft.ticket.trim()).length > TICKET_MAX_LENGTH) {
    problems.ticket = `At most ${TICKET_MAX_LENGTH} characters.`;
  }
  return problems;
}

/** Characters as the service counts them: after trimming, an emoji as one. */
export function reasonLength(reason: string): number {
  return Array.from(reason.trim()).length;
}

/** The lengths of session to offer, ascending: the usual ones within the limit, and the default. */
export function minuteChoices(settings: Settings): number[] {
  const most = Math.min(settings.max_minutes, LONGEST);
  const choices = [...USUAL_MINUTES, settings.default_minutes, most];
  return [...new Set(choices.filter((minutes) => minutes <= most))].sort((a, b) => a - b);
}

/** The body of the request. The actor is not in it: the service knows who is signed in. */
export function requestBody(
  draft: Draft,
  subject: { id: string; application_id: string; organization: { id: string } | null },
): StartImpersonation {
  const ticket = draft.ticket.trim();
  return {
    application_id: subject.application_id,
    subject_id: subject.id,
    reason: draft.reason.trim(),
    minutes: draft.minutes,
    scope: draft.scope,
    ...(draft.breakGlass && { break_glass: true }),
    ...(ticket !== "" && { ticket }),
    ...(subject.organization !== null && { organization_id: subject.organization.id }),
  };
}

function plural(count: number): string {
  return count === 1 ? "character" : "characters";
}

"""Rules about what was asked for. They are asked once: a grant is held to what it was given."""

from __future__ import annotations

from collections.abc import Callable

from understudy.core.applications.application import ApplicationSettings
from understudy.core.impersonation.grants import (
    MAX_MINUTES,
    REASON_MAX_LENGTH,
    RETURN_TO_MAX_LENGTH,
    TICKET_MAX_LENGTH,
    ImpersonationRequest,
)
from understudy.core.impersonation.restrictions import Scope
from understudy.core.rules.question import Question
from understudy.core.rules.rule import Check, Lifter, Rule
from understudy.core.text import TextFault, fault_in, is_local_path

_ANEW = "Type it anew instead of pasting it."


def longest(settings: ApplicationSettings) -> int:
    """How many minutes may be asked for, whatever the settings say."""
    return min(settings.max_minutes, MAX_MINUTES)


def minutes_asked(request: ImpersonationRequest | None, settings: ApplicationSettings) -> int:
    """The minutes that are asked for, or else those of the settings."""
    asked = None if request is None else request.minutes
    return asked or min(settings.default_minutes, longest(settings))


def scope_asked(request: ImpersonationRequest | None, settings: ApplicationSettings) -> Scope:
    """The scope that is asked for, or else that of the settings."""
    asked = None if request is None else request.scope
    return asked or settings.default_scope


def _of_request(judge: Callable[[ImpersonationRequest, ApplicationSettings], bool]) -> Check:
    def refuses(question: Question) -> bool:
        request = question.request
        return request is not None and judge(request, question.application.settings)

    return refuses


@_of_request
def _reason_missing(request: ImpersonationRequest, settings: ApplicationSettings) -> bool:
    return not request.reason.strip()


@_of_request
def _reason_not_text(request: ImpersonationRequest, settings: ApplicationSettings) -> bool:
    return _fault_in_reason(request) is not None


@_of_request
def _reason_too_long(request: ImpersonationRequest, settings: ApplicationSettings) -> bool:
    return len(request.reason.strip()) > REASON_MAX_LENGTH


@_of_request
def _reason_too_short(request: ImpersonationRequest, settings: ApplicationSettings) -> bool:
    return len(request.reason.strip()) < settings.reason_min_length


@_of_request
def _ticket_missing(request: ImpersonationRequest, settings: ApplicationSettings) -> bool:
    return settings.ticket_required and not (request.ticket or "").strip()


@_of_request
def _ticket_not_text(request: ImpersonationRequest, settings: ApplicationSettings) -> bool:
    return _fault_in_ticket(request) is not None


@_of_request
def _ticket_too_long(request: ImpersonationRequest, settings: ApplicationSettings) -> bool:
    return len((request.ticket or "").strip()) > TICKET_MAX_LENGTH


@_of_request
def _minutes_out_of_range(request: ImpersonationRequest, settings: ApplicationSettings) -> bool:
    return request.minutes is not None and not 1 <= request.minutes <= longest(settings)


@_of_request
def _scope_not_allowed(request: ImpersonationRequest, settings: ApplicationSettings) -> bool:
    return request.scope is not None and request.scope not in settings.allowed_scopes


@_of_request
def _return_to_elsewhere(request: ImpersonationRequest, settings: ApplicationSettings) -> bool:
    path = request.return_to
    return path is not None and not (len(path) <= RETURN_TO_MAX_LENGTH and is_local_path(path))


def text_fault(rule: Rule, request: ImpersonationRequest) -> TextFault | None:
    """The character for which ``rule`` refused ``request``, where that was why."""
    if rule is REASON_NOT_TEXT:
        return _fault_in_reason(request)
    return _fault_in_ticket(request) if rule is TICKET_NOT_TEXT else None


def _fault_in_reason(request: ImpersonationRequest) -> TextFault | None:
    return fault_in(request.reason.strip(), lines=True)


def _fault_in_ticket(request: ImpersonationRequest) -> TextFault | None:
    return fault_in((request.ticket or "").strip())


REASON_MISSING = Rule(
    code="reason_missing",
    text="A reason is required.",
    lifted_by=Lifter.ASKER,
    lift="Say why: it is kept in the audit log.",
    refuses=_reason_missing,
)
REASON_NOT_TEXT = Rule(
    code="reason_not_text",
    text="The reason holds control or invisible characters.",
    lifted_by=Lifter.ASKER,
    lift=_ANEW,
    refuses=_reason_not_text,
)
REASON_TOO_LONG = Rule(
    code="reason_too_long",
    text=f"The reason is longer than {REASON_MAX_LENGTH:,} characters.",
    lifted_by=Lifter.ASKER,
    lift="Say it in fewer words.",
    refuses=_reason_too_long,
)
REASON_TOO_SHORT = Rule(
    code="reason_too_short",
    text="The reason is too short for this application.",
    lifted_by=Lifter.ASKER,
    lift="Say what you are going to look at.",
    refuses=_reason_too_short,
)
TICKET_MISSING = Rule(
    code="ticket_missing",
    text="This application asks for a ticket with every impersonation.",
    lifted_by=Lifter.ASKER,
    lift="Name the ticket that you work on.",
    refuses=_ticket_missing,
)
TICKET_NOT_TEXT = Rule(
    code="ticket_not_text",
    text="The ticket holds control or invisible characters, or more than one line.",
    lifted_by=Lifter.ASKER,
    lift=_ANEW,
    refuses=_ticket_not_text,
)
TICKET_TOO_LONG = Rule(
    code="ticket_too_long",
    text=f"The ticket is longer than {TICKET_MAX_LENGTH} characters.",
    lifted_by=Lifter.ASKER,
    lift="Give its number or its address alone.",
    refuses=_ticket_too_long,
)
MINUTES_OUT_OF_RANGE = Rule(
    code="minutes_out_of_range",
    text="This is more minutes than a session may last here, or less than one.",
    lifted_by=Lifter.ADMIN,
    lift=f"An admin can raise the limit in the application's settings, to {MAX_MINUTES} at most.",
    refuses=_minutes_out_of_range,
)
SCOPE_NOT_ALLOWED = Rule(
    code="scope_not_allowed",
    text="This application does not allow that scope.",
    lifted_by=Lifter.ADMIN,
    refuses=_scope_not_allowed,
)
RETURN_TO_NOT_A_PATH = Rule(
    code="return_to_not_a_path",
    text="return_to must be a path of the app that begins with one slash.",
    lifted_by=Lifter.ASKER,
    refuses=_return_to_elsewhere,
)

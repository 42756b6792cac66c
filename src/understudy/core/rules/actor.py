"""Rules about whoever would work in the account."""

from __future__ import annotations

from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import ActorKind
from understudy.core.rules.question import Question
from understudy.core.rules.rule import Lifter, Rule

_TEAM = "An admin can change this under Team."


def _named(question: Question) -> bool:
    return question.actor.kind is ActorKind.NAMED_BY_APPLICATION


def _inactive(question: Question) -> bool:
    operator = question.seen.operator
    if operator is not None and operator.actor_ref == question.actor.ref and operator.active:
        return False
    return not _named(question)


def _not_allowed(question: Question) -> bool:
    operator = question.seen.operator
    if operator is not None and operator.may(Permission.IMPERSONATION_START):
        return False
    return not _named(question)


def _email_is_operators(question: Question) -> bool:
    return question.seen.email_owner is not None and _named(question)


def _nested(question: Question) -> bool:
    # Whoever works as this user could make the app name the user as an actor in turn.
    return question.seen.actor_is_impersonated and _named(question)


ACTOR_INACTIVE = Rule(
    code="actor_inactive",
    text="The account that would act is not active.",
    lifted_by=Lifter.ADMIN,
    lift=_TEAM,
    end_cause=EndCause.ACTOR_INACTIVE,
    refuses=_inactive,
)
ACTOR_NOT_ALLOWED = Rule(
    code="actor_not_allowed",
    text="Your roles do not include impersonating users.",
    lifted_by=Lifter.ADMIN,
    lift=_TEAM,
    end_cause=EndCause.ACTOR_NOT_ALLOWED,
    refuses=_not_allowed,
)
ACTOR_EMAIL_IS_OPERATORS = Rule(
    code="actor_email_is_operators",
    text="The application named somebody by an address or an id that belongs to an operator here.",
    lifted_by=Lifter.ASKER,
    lift="They can start from the dashboard themselves.",
    end_cause=EndCause.ACTOR_NOT_ALLOWED,
    refuses=_email_is_operators,
)
NESTED = Rule(
    code="nested",
    text="This would be an impersonation within an impersonation.",
    lifted_by=Lifter.ASKER,
    lift="End the session in which somebody works as the actor, then start anew.",
    end_cause=EndCause.ACTOR_NOT_ALLOWED,
    refuses=_nested,
)

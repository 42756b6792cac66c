"""Rules about the application in which somebody would work."""

from __future__ import annotations

from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.principals import Status
from understudy.core.rules.question import Question
from understudy.core.rules.rule import Lifter, Rule


def _inactive(question: Question) -> bool:
    return question.application.status is not Status.ACTIVE


def _off(question: Question) -> bool:
    return not question.application.settings.impersonates


APPLICATION_INACTIVE = Rule(
    code="application_inactive",
    text="This application is disabled or unknown.",
    lifted_by=Lifter.ADMIN,
    lift="An admin can enable it in its settings.",
    end_cause=EndCause.APPLICATION_INACTIVE,
    refuses=_inactive,
)
IMPERSONATION_OFF = Rule(
    code="impersonation_off",
    text="User impersonation is off for this application.",
    lifted_by=Lifter.ADMIN,
    lift="An admin can turn it on in the application's settings.",
    end_cause=EndCause.IMPERSONATION_OFF,
    refuses=_off,
)

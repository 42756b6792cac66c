"""Rules about what the user agreed to, and about what they did not."""

from __future__ import annotations

from understudy.core.governance.consents import ConsentMode
from understudy.core.impersonation.sessions import EndCause
from understudy.core.rules.question import Question
from understudy.core.rules.rule import Lifter, Rule


def _missing(question: Question) -> bool:
    subject, terms = question.seen.subject, question.application.settings.consent
    mode = terms.mode_for(None if subject is None else subject.organization_id)
    if mode is ConsentMode.OFF:
        return False
    consent = question.seen.consent
    return consent is None or not consent.suffices(mode)


def _frozen(question: Question) -> bool:
    return question.seen.frozen


CONSENT_MISSING = Rule(
    code="consent_missing",
    text="The user has not agreed that somebody works in their account.",
    lifted_by=Lifter.ASKER,
    lift="Ask them: they can allow it in the app.",
    concealed=True,
    end_cause=EndCause.CONSENT_WITHDRAWN,
    refuses=_missing,
)
ACTOR_FROZEN = Rule(
    code="actor_frozen",
    text="A user had not agreed to what you did, or codes were guessed.",
    lifted_by=Lifter.ADMIN,
    lift="An admin looks into the case and can lift it.",
    end_cause=EndCause.ACTOR_NOT_ALLOWED,
    refuses=_frozen,
)

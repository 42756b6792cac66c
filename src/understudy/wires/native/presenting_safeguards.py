"""What guards an application's decisions, as it goes out."""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.core.governance.decision_points import DecisionPoint
from understudy.core.governance.policy_terms import PolicyTerms
from understudy.core.governance.safeguards import Loosening
from understudy.core.ids import OperatorId
from understudy.core.ports import Reader
from understudy.wires.native.schemas.decision_point import (
    DecisionPointAnswer,
    LooseningAnswer,
    SafeguardsAnswer,
)
from understudy.wires.native.schemas.policies import PolicyTermsShape


def safeguards_answer(reader: Reader, application: Application) -> SafeguardsAnswer:
    """What holds, and what waits."""
    settings = application.settings
    waits = settings.loosening
    return SafeguardsAnswer(
        policy_changes=terms_shape(settings.policy_changes),
        decision_point=_point(settings.decision_point),
        waiting=None if waits is None else _waiting(reader, waits),
    )


def terms_shape(terms: PolicyTerms) -> PolicyTermsShape:
    """What a change of policies needs."""
    return PolicyTermsShape(confirmation=terms.confirmation, delay_hours=terms.delay_hours)


def _point(point: DecisionPoint | None) -> DecisionPointAnswer | None:
    if point is None:
        return None
    return DecisionPointAnswer(
        url=point.url,
        timeout_ms=point.timeout_ms,
        has_credential=point.credential is not None,
    )


def _waiting(reader: Reader, waits: Loosening) -> LooseningAnswer:
    known = reader.operators.get(OperatorId(waits.set_by))
    return LooseningAnswer(
        id=waits.id,
        policy_changes=None if waits.terms is None else terms_shape(waits.terms),
        decision_point=_point(waits.decision_point),
        set_by=known.name if known else waits.set_by,
        set_at=waits.set_at,
        confirmable_at=waits.confirmable_at,
    )

"""Sign-ins at the dashboard, as all use cases see them: whose they are, while they are good."""

from __future__ import annotations

from datetime import datetime

from understudy.core.people.principals import OPERATOR_SESSION_IDLE, Operator, OperatorSession
from understudy.core.ports import Reader


def holder(
    reader: Reader, session: OperatorSession, now: datetime
) -> tuple[Operator, OperatorSession] | None:
    """Whose ``session`` it is, while session and account are good."""
    if now >= session.expires_at or now >= session.last_seen_at + OPERATOR_SESSION_IDLE:
        return None
    operator = reader.operators.get(session.operator_id)
    return (operator, session) if operator is not None and operator.active else None

"""Write down what an actor did in the app as the subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from understudy.core.events import Action, Event, EventType, Outcome, Party
from understudy.core.grants import Grant
from understudy.core.ports import Unit
from understudy.core.sessions import Session
from understudy.errors import NotFound, SessionOver
from understudy.flows.about import organization_party, subject_party
from understudy.flows.origin import Origin, legible

_PATH_LENGTH = 2_000
_ROUTE_LENGTH = 500


class Phase(StrEnum):
    """Where a request stands when it is recorded."""

    INTENDED = "intended"
    COMPLETED = "completed"
    BLOCKED = "blocked"


_TYPES = {
    Phase.INTENDED: EventType.ACTION_INTENDED,
    Phase.COMPLETED: EventType.ACTION_COMPLETED,
    Phase.BLOCKED: EventType.ACTION_BLOCKED,
}


@dataclass(frozen=True, kw_only=True)
class RecordedAction:
    """One request as the guard saw it; ``at`` is the guard's clock."""

    action: Action
    phase: Phase
    at: datetime
    rule: str | None = None
    origin: Origin


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """How many entries were written, and the last one's index."""

    count: int
    last_index: int


def record_actions(
    unit: Unit, application_id: str, session_id: str, actions: Sequence[RecordedAction]
) -> Recorded:
    """Append ``actions`` in order; they count as activity.

    What was done before the end but arrives after it is still written, marked ``late``. Nothing
    new may begin by then.

    :raises NotFound: no such session of this application.
    :raises SessionOver: an intent for a session that is over.
    """
    session = unit.sessions.get(session_id)
    grant = unit.grants.get(session.grant_id) if session else None
    if session is None or grant is None or session.application_id != application_id:
        raise NotFound
    over = session.over_because(unit.now) is not None
    if over and any(action.phase is Phase.INTENDED for action in actions):
        raise SessionOver
    subject, organization = subject_party(unit, grant), organization_party(unit, grant)
    index = -1
    for action in actions:
        index = unit.record(_event(session, grant, subject, organization, action, late=over))
    if not over:
        unit.sessions.touch(session.id, unit.now)
    return Recorded(count=len(actions), last_index=index)


def _event(
    session: Session,
    grant: Grant,
    subject: Party,
    organization: Party | None,
    recorded: RecordedAction,
    *,
    late: bool,
) -> Event:
    at = int(recorded.at.timestamp() * 1000)
    return Event(
        type=_TYPES[recorded.phase],
        application_id=session.application_id,
        actor=grant.actor.party,
        subject=subject,
        organization=organization,
        grant_id=grant.id,
        session_id=session.id,
        outcome=_outcome(recorded),
        rule=recorded.rule,
        ticket=grant.ticket,
        address=recorded.origin.address,
        user_agent=recorded.origin.user_agent,
        action=_legible(recorded.action),
        details={"at": at, "late": True} if late else {"at": at},
    )


def _outcome(recorded: RecordedAction) -> Outcome:
    if recorded.phase is Phase.BLOCKED:
        return Outcome.DENIED
    status = recorded.action.status
    failed = status is not None and status >= HTTPStatus.BAD_REQUEST
    return Outcome.FAILED if failed else Outcome.OK


def _legible(action: Action) -> Action:
    return Action(
        id=action.id,
        method=action.method,
        route=legible(action.route, _ROUTE_LENGTH),
        path=legible(action.path, _PATH_LENGTH),
        status=action.status,
        duration_ms=action.duration_ms,
    )

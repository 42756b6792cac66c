"""Write down what an actor did in the app as the subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from understudy.core.ids import SessionId
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.sessions import Session
from understudy.core.notices.events import Action, Event, EventType, Outcome, Party, Scalar
from understudy.core.ports import Unit
from understudy.core.times import to_ms
from understudy.errors import NotFound, SessionOver
from understudy.flows.impersonation.about import organization_party, subject_party
from understudy.flows.origin import Origin, legible

_PATH_LENGTH = 2_000
_TABLE_LENGTH = 200
_REFERENCE_LENGTH = 200
_ROUTE_LENGTH = 500
_FIRST_FAILED = int(HTTPStatus.BAD_REQUEST)


class Phase(StrEnum):
    """Where a request stands when it is recorded."""

    INTENDED = "intended"
    COMPLETED = "completed"
    BLOCKED = "blocked"
    EFFECT = "effect"
    MINTED = "minted"
    UNDONE = "undone"


_TYPES = {
    Phase.INTENDED: EventType.ACTION_INTENDED,
    Phase.COMPLETED: EventType.ACTION_COMPLETED,
    Phase.BLOCKED: EventType.ACTION_BLOCKED,
    Phase.EFFECT: EventType.EFFECT_HANDLED,
    Phase.MINTED: EventType.CREDENTIAL_MINTED,
    Phase.UNDONE: EventType.CREDENTIAL_REVOKED,
}


@dataclass(frozen=True, kw_only=True)
class RecordedAction:
    """One request as the guard saw it; ``at`` is the guard's clock.

    ``replaced`` names the fields that stand in for what could not be taken, ``table`` what a
    read-only session was kept from changing. ``kind`` is of what was sent or made, ``did`` what
    became of what was to be sent, ``reference`` the app's own name for what was made.
    """

    action: Action
    phase: Phase
    at: datetime
    rule: str | None = None
    table: str | None = None
    kind: str | None = None
    did: str | None = None
    reference: str | None = None
    origin: Origin
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """How many entries were written, and the last one's index."""

    count: int
    last_index: int


def record_actions(
    unit: Unit, application_id: str, session_id: SessionId, actions: Sequence[RecordedAction]
) -> Recorded:
    """Append ``actions`` in order; they count as activity.

    What was done before the end but arrives after it is still written, marked ``late``. Nothing
    new may begin by then.

    :raises NotFound: no such session of this application.
    :raises SessionOver: an intent for a session that is over; its cause is the rule.
    """
    session = unit.sessions.get(session_id)
    grant = unit.grants.get(session.grant_id) if session else None
    if session is None or grant is None or session.application_id != application_id:
        raise NotFound
    cause = session.over_because(unit.latest)
    over = cause is not None
    if over and any(action.phase is Phase.INTENDED for action in actions):
        raise SessionOver(facts={"rule": cause})
    about = _About(
        session=session,
        grant=grant,
        # From the grant, whatever the app's request may have said of itself.
        actor=grant.actor.party,
        subject=subject_party(unit, grant),
        organization=organization_party(unit, grant),
        late=over,
    )
    index = -1
    for action in actions:
        index = unit.record(_event(about, action))
    # A session that is over does not come back to life by what arrives late.
    if not over:
        unit.sessions.touch(session.id, unit.now)
    return Recorded(count=len(actions), last_index=index)


@dataclass(frozen=True, kw_only=True)
class _About:
    """What all actions of a batch have in common."""

    session: Session
    grant: Grant
    actor: Party
    subject: Party
    organization: Party | None
    late: bool


def _event(about: _About, recorded: RecordedAction) -> Event:
    # The app's clock, so it is a detail; the entry's own time is the log's, which only rises.
    details: dict[str, Scalar] = {"at": to_ms(recorded.at)}
    if about.late:
        details["late"] = True
    if recorded.table is not None:
        details["table"] = legible(recorded.table, _TABLE_LENGTH)
    if recorded.kind is not None:
        details["kind"] = recorded.kind
    if recorded.did is not None:
        details["did"] = recorded.did
    if recorded.replaced:
        details["stand_in"] = " ".join(recorded.replaced)
    return Event(
        type=_TYPES[recorded.phase],
        application_id=about.session.application_id,
        actor=about.actor,
        subject=about.subject,
        organization=about.organization,
        grant_id=about.grant.id,
        session_id=about.session.id,
        outcome=_outcome(recorded),
        rule=recorded.rule,
        ticket=about.grant.ticket,
        address=recorded.origin.address,
        user_agent=recorded.origin.user_agent,
        action=_legible(recorded.action),
        reference=legible(recorded.reference, _REFERENCE_LENGTH),
        details=details,
    )


def _outcome(recorded: RecordedAction) -> Outcome:
    if recorded.phase is Phase.BLOCKED:
        return Outcome.DENIED
    status = recorded.action.status
    return Outcome.FAILED if status is not None and status >= _FIRST_FAILED else Outcome.OK


def _legible(action: Action) -> Action:
    route, path = legible(action.route, _ROUTE_LENGTH), legible(action.path, _PATH_LENGTH)
    if route is action.route and path is action.path:
        return action
    return replace(action, route=route, path=path)

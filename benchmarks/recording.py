"""What the guards of many sessions send: batches of actions, recorded at the same time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial

from understudy.core.applications.application import Application
from understudy.core.ids import ActorRef, SessionId, SubjectId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.impersonation.restrictions import Scope
from understudy.core.notices.events import Action
from understudy.core.people.principals import Actor, ActorKind
from understudy.core.ports import Unit
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import Presented, TokenRefused, exchange
from understudy.flows.impersonation.mint import mint
from understudy.flows.impersonation.record_actions import Phase, RecordedAction, record_actions
from understudy.flows.impersonation.request import request
from understudy.flows.origin import Origin
from understudy.sdk.outbox import MAX_BATCH
from understudy.service.table import WIRES
from understudy.storage.engine.engine import StoreEngine

BATCHES = 16
"""Sessions, each of which sends a batch at the same time."""
_ORIGIN = Origin(
    address="203.0.113.9",
    user_agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0",
)


class Recording:
    """Live sessions of ``application``, and a full batch of actions for each."""

    def __init__(self, engine: StoreEngine, application: Application) -> None:
        self._engine = engine
        sessions = [
            engine.run(partial(_open_session, application=application, number=number))
            for number in range(BATCHES)
        ]
        self._flows = [
            partial(
                record_actions,
                application_id=application.id,
                session_id=SessionId(session_id),
                actions=_batch(session_id),
            )
            for session_id in sessions
        ]
        self.group_size = BATCHES * MAX_BATCH

    def per_second(self, groups: int) -> float:
        """Actions recorded in a second, when every session has ``groups`` batches to send."""
        started = time.perf_counter()
        for _ in range(groups):
            for future in [self._engine.submit(flow) for flow in self._flows]:
                future.result()
        return groups * self.group_size / (time.perf_counter() - started)


def _open_session(unit: Unit, *, application: Application, number: int) -> str:
    actor = Actor(
        kind=ActorKind.NAMED_BY_APPLICATION,
        ref=ActorRef(f"act_{number:022}"),
        id=f"agent-{number}",
        email=f"agent-{number}@example.com",
        name="Kim Example",
        rank=100,
    )
    ask = ImpersonationRequest(
        application_id=application.id,
        actor=actor,
        subject_id=SubjectId(f"user-{number}"),
        reason="Looking at the missing invoice",
        scope=Scope.FULL,
    )
    granted = request(unit, ask, origin=_ORIGIN)
    if isinstance(granted, Denied):
        raise AssertionError(f"{granted.rule} refused")
    token = mint(unit, granted.grant).token
    opened = exchange(
        unit,
        Presented(token=token, application=application),
        kinds=WIRES.token_kinds,
        origin=_ORIGIN,
    )
    if isinstance(opened, TokenRefused):
        raise AssertionError(f"{opened.why} refused")
    return opened.session.id


def _batch(session_id: str) -> list[RecordedAction]:
    now = datetime.now(UTC)
    return [
        RecordedAction(
            action=Action(
                id=f"{session_id[-8:]}-{number}",
                method="GET",
                route="/orders/{id}",
                path=f"/orders/{number}",
                status=200,
                duration_ms=12,
            ),
            phase=Phase.COMPLETED,
            at=now,
            origin=_ORIGIN,
        )
        for number in range(MAX_BATCH)
    ]

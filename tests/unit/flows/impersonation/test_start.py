from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.rules.world import HERE, REASON, World
from understudy.core.applications.application import Application
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import GrantStatus, ImpersonationRequest
from understudy.core.impersonation.token_kinds import TokenKind
from understudy.core.notices.events import EventType
from understudy.core.people.principals import Actor
from understudy.core.rules.request import REASON_MISSING
from understudy.flows.impersonation import start as module
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.request import Granted
from understudy.flows.impersonation.start import Started, start
from understudy.service.table import WIRES


def _started(
    world: World,
    *,
    with_token: bool = True,
    wire: str | None = None,
    life: timedelta | None = None,
    reason: str = REASON,
) -> Started | Denied:
    ask = ImpersonationRequest(
        application_id=world.application.id,
        actor=Actor.from_operator(world.sam),
        subject_id=SubjectId("ada"),
        reason=reason,
    )

    def kind_for(application: Application | None) -> TokenKind:
        return WIRES.kind_taken_by(application) if wire is None else WIRES.token_kinds[wire]

    return world.run(
        lambda unit: start(
            unit, ask, with_token=with_token, kind_for=kind_for, life=life, origin=HERE
        )
    )


def _wire(world: World, started: Started | Denied) -> str:
    assert isinstance(started, Started)
    assert started.token is not None
    with world.engine.reading() as reader:
        stored = reader.impersonation_tokens.by_token(started.token.token)
    assert stored is not None
    assert stored.expires_at == started.token.expires_at
    return stored.wire


def test_the_token_is_for_the_protocol_by_which_the_application_takes_them(
    installation: World,
) -> None:
    assert _wire(installation, _started(installation)) == "native"
    installation.set_up_application(hand_off="stytch")
    assert _wire(installation, _started(installation)) == "stytch"
    entry = installation.entries(EventType.GRANT_CREATED)[0]
    assert entry.core is not None
    assert entry.core["details"]["wire"] == "stytch"  # type: ignore[index]


def test_whoever_names_a_wire_gets_its_token_with_the_life_that_they_ask_for(
    installation: World,
) -> None:
    life = timedelta(minutes=7)
    started = _started(installation, wire="clerk", life=life)
    assert _wire(installation, started) == "clerk"
    assert isinstance(started, Started)
    assert started.token is not None
    assert started.token.expires_at == installation.clock.now + life


def test_whoever_launches_gets_no_token(installation: World) -> None:
    started = _started(installation, with_token=False)
    assert isinstance(started, Started)
    assert (started.grant.status, started.token) == (GrantStatus.READY, None)


def test_a_refusal_is_an_entry_and_no_token(installation: World) -> None:
    assert _started(installation, reason="") == Denied(rule=REASON_MISSING)
    assert len(installation.entries(EventType.GRANT_DENIED)) == 1
    assert not installation.entries(EventType.GRANT_CREATED)


def test_no_token_exists_while_the_grant_waits(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = replace(installation.granted(), status=GrantStatus.PENDING)
    monkeypatch.setattr(module, "request", lambda *_, **__: Granted(grant=waiting))
    assert _started(installation) == Started(grant=waiting, token=None)

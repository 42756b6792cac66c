"""What becomes of an exchange that is asked for once more; see the gateways' suite as well."""

from __future__ import annotations

from dataclasses import replace

from tests.contract.rules.world import HERE, World
from understudy.core.ids import SubjectId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.ports import Unit
from understudy.flows.impersonation.exchange import Presented, TokenRefused, exchange
from understudy.flows.impersonation.open_session import OpenSession
from understudy.service.table import WIRES

ATTEMPT = "A" * 22


def _present(world: World, token: str, *, attempt: str = ATTEMPT) -> OpenSession | TokenRefused:
    presented = Presented(token=token, application=world.application, attempt=attempt)
    return world.run(lambda unit: exchange(unit, presented, kinds=WIRES.token_kinds, origin=HERE))


def test_nothing_is_recorded_of_an_answer_that_is_given_again(installation: World) -> None:
    token = installation.token(installation.granted())
    first = _present(installation, token)
    again = _present(installation, token)
    assert isinstance(first, OpenSession)
    assert isinstance(again, OpenSession)
    assert again.session_token == first.session_token
    assert len(installation.entries(EventType.SESSION_STARTED)) == 1
    assert installation.entries(EventType.TOKEN_REPLAYED) == []


def test_an_attempt_is_kept_as_a_keyed_hash(installation: World) -> None:
    token = installation.token(installation.granted())
    _present(installation, token)
    with installation.engine.reading() as reader:
        stored = reader.impersonation_tokens.by_token(token)
    assert stored is not None
    assert stored.attempt == installation.engine.vault.keyed_hash("exchange attempt", ATTEMPT)
    assert ATTEMPT not in repr(stored)


def test_a_session_that_has_fallen_is_not_handed_out_again(installation: World) -> None:
    token = installation.token(installation.granted())
    opened = _present(installation, token)
    assert isinstance(opened, OpenSession)

    def protect_behind_everybodys_back(unit: Unit) -> None:
        subject = unit.subjects.get(installation.application.id, SubjectId("ada"))
        assert subject is not None
        unit.subjects.save(replace(subject, protected=True))

    installation.run(protect_behind_everybodys_back)
    assert isinstance(_present(installation, token), TokenRefused)
    assert installation.stored(opened).end_cause is EndCause.TOKEN_REPLAYED


def test_another_application_gets_nothing_by_knowing_the_attempt(installation: World) -> None:
    token = installation.token(installation.granted())
    assert isinstance(_present(installation, token), OpenSession)
    other = installation.other_application
    presented = Presented(token=token, application=other, attempt=ATTEMPT)
    found = installation.run(
        lambda unit: exchange(unit, presented, kinds=WIRES.token_kinds, origin=HERE)
    )
    assert isinstance(found, TokenRefused)
    assert installation.entries(EventType.TOKEN_REPLAYED) == []

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.rules.world import HERE, World, world
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import SessionId
from understudy.core.impersonation.endings import Proof, Reach
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, PartyKind
from understudy.core.ports import Unit
from understudy.errors import NotFound
from understudy.flows.applications import administer
from understudy.flows.impersonation.end import end
from understudy.storage.engine.rehearsal import Rehearsed


@pytest.fixture
def place(tmp_path: Path) -> Iterator[World]:
    with world(f"sqlite:///{tmp_path / 'understudy.db'}", tmp_path) as made:
        yield made


def rehearsed(place: World, flow: object) -> Rehearsed[object]:
    at = place.clock()
    return place.engine.endings.rehearse(flow, at=at, proven=Proof.SIGN_IN)  # type: ignore[arg-type]


def test_what_a_flow_would_end_is_known_and_nothing_is_written(place: World) -> None:
    opened = place.session()
    size = len(place.entries())

    def flow(unit: Unit) -> object:
        by = place.sam.party
        return end(unit, opened.session.id, cause=EndCause.REVOKED, by=by, origin=HERE)

    found = rehearsed(place, flow)
    [told] = found.endings
    assert (told.reach, told.ref, told.cause) == (
        Reach.SESSION,
        opened.session.id,
        EndCause.REVOKED,
    )
    assert (told.doer_kind, told.doer_ref) == (PartyKind.OPERATOR, place.sam.id)
    assert (told.proven, told.address) == (Proof.SIGN_IN, HERE.address)
    assert (told.application_id, told.at) == (place.application.id, place.clock())
    assert len(told.id) == 32
    assert place.stored(opened).end_cause is None
    assert len(place.entries()) == size


def test_a_flow_sees_its_own_saves_so_that_premises_fall(place: World) -> None:
    place.session()
    off = replace(
        place.application, settings=replace(place.application.settings, impersonation_allowed=False)
    )
    found = rehearsed(place, lambda unit: administer.update(unit, off, by=SYSTEM, origin=HERE))
    assert [told.cause for told in found.endings] == [EndCause.IMPERSONATION_OFF]
    with place.engine.reading() as reader:
        assert reader.applications.get(place.application.id) == place.application


def test_one_session_ends_once_however_often_a_flow_ends_it(place: World) -> None:
    opened = place.session()

    def flow(unit: Unit) -> None:
        for cause in (EndCause.REVOKED, EndCause.ENDED_BY_ACTOR):
            end(unit, opened.session.id, cause=cause, by=SYSTEM, origin=HERE)

    assert [told.cause for told in rehearsed(place, flow).endings] == [EndCause.REVOKED]


def test_what_a_flow_refuses_is_refused_here_too(place: World) -> None:
    def flow(unit: Unit) -> None:
        end(unit, SessionId("ses_none"), cause=EndCause.REVOKED, by=SYSTEM, origin=HERE)

    with refusal_of(NotFound, "not_found"):
        rehearsed(place, flow)


def test_a_flow_may_use_every_verb_of_a_transaction(place: World) -> None:
    def flow(unit: Unit) -> int:
        unit.meta.put("a mark", "x")
        unit.erasures  # noqa: B018  # there, as in every unit
        return unit.impersonation_tokens.remove_expired(unit.now)

    assert rehearsed(place, flow).value == 1
    with place.engine.reading() as reader:
        assert reader.meta.get("a mark") is None

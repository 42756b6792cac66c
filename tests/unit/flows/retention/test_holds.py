from __future__ import annotations

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import SubjectId, SubjectRef
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import Hold, Unit
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.directory import maintain
from understudy.flows.retention import holds
from understudy.flows.retention.erase import erase_subject
from understudy.flows.retention.holds import Covered, held
from understudy.flows.retention.marks import Mark, keep, mark_of

REASON = "Smith v. Acme, discovery of October"


def _place(world: World, subject_id: str | None = "ada", *, reason: str = REASON) -> Hold:
    return world.run(
        lambda unit: holds.place(
            unit,
            world.application.id,
            subject_id=None if subject_id is None else SubjectId(subject_id),
            reason=reason,
            by=world.sam.party,
            origin=HERE,
        )
    )


def _release(world: World, hold_id: str) -> Hold:
    return world.run(lambda unit: holds.release(unit, hold_id, by=SYSTEM, origin=HERE))


def _erase(world: World, subject_id: str = "ada") -> None:
    world.run(
        lambda unit: erase_subject(
            unit, world.application.id, SubjectId(subject_id), by=SYSTEM, origin=HERE
        )
    )


def _held(world: World) -> Covered:
    with world.engine.reading() as reader:
        return held(reader, world.application.id)


@pytest.mark.parametrize("subject_id", ["ada", None])
def test_nobody_under_hold_is_erased_and_the_refusal_says_who_can_help(
    installation: World, subject_id: str | None
) -> None:
    hold = _place(installation, subject_id)
    entries = len(installation.entries())
    with pytest.raises(Conflict) as refused:
        _erase(installation)
    assert refused.value.code == "conflict"
    assert refused.value.facts == {"rule": "legal_hold"}
    assert "holds.write" in refused.value.detail
    assert len(installation.entries()) == entries
    _release(installation, hold.id)
    _erase(installation)
    assert installation.entries()[0].type == EventType.AUDIT_ERASED


def test_a_hold_on_one_subject_leaves_the_others_erasable(installation: World) -> None:
    _place(installation, "ada")
    _erase(installation, "bob")
    assert installation.entries()[0].type == EventType.AUDIT_ERASED


def test_what_two_holds_cover_is_kept_until_both_are_released(installation: World) -> None:
    first, second = _place(installation), _place(installation)
    assert len(_held(installation).subjects) == 1
    _release(installation, first.id)
    with refusal_of(Conflict, "conflict", rule="legal_hold"):
        _erase(installation)
    _release(installation, second.id)
    assert _held(installation) == Covered(everything=False, subjects=frozenset())
    _erase(installation)


def test_a_deleted_subject_can_still_be_held(installation: World) -> None:
    installation.run(
        lambda unit: maintain.delete_subject(
            unit, installation.application, SubjectId("ada"), by=SYSTEM, origin=HERE
        )
    )
    hold = _place(installation, "ada")
    assert _held(installation).covers(hold.subject_ref or SubjectRef(""))


def test_placing_and_releasing_are_entries_about_the_subject_with_the_reason(
    installation: World,
) -> None:
    hold = _place(installation)
    _release(installation, hold.id)
    _release(installation, hold.id)
    released, placed, before = installation.entries()[:3]
    assert (placed.type, released.type) == (EventType.HOLD_PLACED, EventType.HOLD_RELEASED)
    assert before.type != EventType.HOLD_PLACED
    for entry in (placed, released):
        assert entry.core is not None
        assert entry.personal is not None
        assert entry.core["subject_ref"] == hold.subject_ref
        assert entry.core["details"] == {"hold_id": hold.id}
        assert entry.personal["reason"] == REASON
    assert (placed.core or {})["actor_ref"] == hold.placed_by == installation.sam.id


def test_a_release_sends_retention_back_to_the_beginning(installation: World) -> None:
    hold = _place(installation)
    app = installation.application.id

    def go_on(unit: Unit) -> None:
        keep(unit, app, Mark(next_index=7, last_grant=("1", "grt_1")))

    installation.run(go_on)
    with installation.engine.reading() as reader:
        assert mark_of(reader, app) == Mark(next_index=7, last_grant=("1", "grt_1"))
    _release(installation, hold.id)
    with installation.engine.reading() as reader:
        assert mark_of(reader, app) == Mark()


def test_an_erasure_forgets_the_released_holds_as_well(installation: World) -> None:
    kept = _place(installation, "bob")
    gone = _place(installation, "ada")
    _release(installation, gone.id)
    _erase(installation)
    with installation.engine.reading() as reader:
        assert reader.holds.list() == [kept]


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 1001])
def test_a_hold_without_a_sensible_reason_is_refused(installation: World, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _place(installation, reason=reason)
    assert refused.value.facts == {"field": "reason"}
    assert _held(installation) == Covered(everything=False, subjects=frozenset())


def test_control_characters_in_a_reason_do_not_reach_the_log(installation: World) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="reason"):
        _place(installation, reason="a\x1b[31mb")
    name = "\u0915\u094d\u200d\u0937\nwrote"
    assert _place(installation, reason=name).reason == name


def test_only_what_exists_can_be_held_or_released(installation: World) -> None:
    with refusal_of(NotFound, "not_found"):
        _place(installation, "nobody")
    with refusal_of(NotFound, "not_found"):
        _release(installation, "hld_nobody")
    with refusal_of(NotFound, "not_found"):
        installation.run(
            lambda unit: holds.place(
                unit, "app_nobody", subject_id=None, reason=REASON, by=SYSTEM, origin=HERE
            )
        )

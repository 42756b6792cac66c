"""Which code may work with which database."""

from __future__ import annotations

import pytest

from understudy import errors
from understudy.storage.database.state import SchemaState, Step

KNOWN = {1: "one", 2: "two", 3: "three"}


def state(*later: Step) -> SchemaState:
    """A database of three steps, and what a newer release has added."""
    ours = [Step(number=number, name=name, compatible_from=1) for number, name in KNOWN.items()]
    return SchemaState(steps=[*ours, *later], known=KNOWN)


def step(number: int, compatible_from: int, *, finished: bool = True) -> Step:
    return Step(
        number=number, name=f"new_{number}", compatible_from=compatible_from, finished=finished
    )


@pytest.mark.parametrize("later", [(), (step(4, 3),), (step(4, 2), step(5, 3))])
def test_code_goes_on_with_whatever_admits_it(later: tuple[Step, ...]) -> None:
    state(*later).require_ours()


@pytest.mark.parametrize("later", [(step(4, 4),), (step(4, 3), step(5, 4)), (step(9, 9),)])
def test_code_refuses_whatever_does_not_admit_it(later: tuple[Step, ...]) -> None:
    with pytest.raises(errors.SchemaMismatch) as caught:
        state(*later).require_ours()
    assert caught.value.code == "schema_mismatch"
    assert caught.value.internal == (
        f"the database has migration {later[-1].number}, {later[-1].name}"
    )


def test_a_step_of_another_name_is_refused_whatever_it_admits() -> None:
    other = SchemaState(steps=[Step(number=3, name="3", compatible_from=1)], known=KNOWN)
    with pytest.raises(errors.SchemaMismatch) as caught:
        other.require_ours()
    assert caught.value.code == "schema_mismatch"


@pytest.mark.parametrize(
    ("later", "oldest"),
    [((), 1), ((step(4, 2),), 2), ((step(4, 2), step(5, 3)), 3), ((step(4, 4), step(5, 2)), 4)],
)
def test_the_oldest_code_that_may_go_on_is_known(later: tuple[Step, ...], oldest: int) -> None:
    assert state(*later).compatible_from == oldest


def test_an_empty_database_is_due_for_everything() -> None:
    empty = SchemaState(steps=[], known=KNOWN)
    assert (empty.number, empty.compatible_from, empty.due) == (0, 0, [1, 2, 3])


def test_what_newer_code_has_not_finished_is_told_and_not_ours_to_do() -> None:
    found = state(step(4, 2, finished=False))
    assert ([str(one) for one in found.unfinished], found.due) == (["0004 new_4"], [])

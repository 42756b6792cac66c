"""Random histories of an installation, with everything judged after each step.

The machine makes the moves of those who ask, agree, set, manage and attack, on the real flows over
the real store. Beside it stand facts that know only what was asked for and answered, and after each
step an oracle that was written from the rules alone says of every session that is still reachable,
by asking anew or by a guard's copy, what it should not be.

Taken out of the product, one at a time, each of these was found by the run that is made each time:
that a subject's rank may not be the actor's own (``subject_outranks``), that whoever agrees to
less narrows the grant (``approve``), and that guards hear of a session that was narrowed
(``HELD_OTHERWISE``).

A long run, with other histories each time, prints the shortest history that it finds wrong:

    UNDERSTUDY_HISTORIES=500 python -m pytest -n0 -s -o faulthandler_timeout=0 \\
        tests/contract/histories
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.contract.histories.drawing import ACTORS, MOSTLY, READING, SUBJECTS, move, moves_of
from tests.contract.histories.moves_changing import Directory, Settings, Team, Time
from tests.contract.histories.moves_governing import Governing
from tests.contract.histories.moves_work import Work
from tests.contract.histories.policy_texts import POLICIES
from tests.contract.histories.stage import Stage, staged
from tests.fixtures.postgresql import PostgresServer

LONG = int(os.environ.get("UNDERSTUDY_HISTORIES", "0"))
RUNS, STEPS = 16, 60
"""Installations, and moves on each, in every run."""


def machine(
    make: Callable[[], AbstractContextManager[Stage]],
) -> type[RuleBasedStateMachine]:
    """The machine on installations that ``make`` makes."""

    class Histories(Work, Governing, Settings, Directory, Team, Time, RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self._staged = make()
            self.stage = self._staged.__enter__()

        @initialize(actor=ACTORS, subject=SUBJECTS)
        def begins(self, actor: str, subject: str) -> None:
            self.straight_in(actor=actor, subject=subject, mended=True)
            self.stage.judge()

        @rule(data=st.data())
        def goes_on(self, data: st.DataObject) -> None:
            """The next move of the history."""
            name = data.draw(st.sampled_from(moves), label="move")
            chosen = getattr(self, name)
            chosen(**data.draw(st.fixed_dictionaries(chosen.drawn), label="with"))
            self.stage.judge()

        @move(weight=8, actor=ACTORS, subject=SUBJECTS, mended=MOSTLY, reading=READING)
        def straight_in(
            self, actor: str, subject: str, mended: bool, reading: bool = False
        ) -> None:
            """Somebody asks, all agree who have to, to less perhaps, and the session begins."""
            if mended:
                self._mend(actor, subject)
            asked = self.ask_user(actor, subject)
            if asked is not None:
                self.allow(asked.id, subject, actor)
            grant = self.ask(actor, subject)
            if grant is None:
                return
            for who in ("kit", "lou"):
                self.approve(grant, who, reading=reading)
            self.open(grant)

        def _mend(self, actor: str, subject: str) -> None:
            """Whatever kept these two from it is as it was."""
            self.switches(allowed=True)
            self.disables_application(active=True)
            self.sets_policies(policy=POLICIES[0])
            self.mend_person(subject)
            if self.stage.facts.actors[actor].operator:
                self.mend_operator(actor)
            self.case_is_lifted(who=actor)

        def teardown(self) -> None:
            try:
                self.stage.close()
            finally:
                self._staged.__exit__(None, None, None)

    moves = moves_of(Histories)
    return Histories


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_history_leaves_a_session_reachable_that_should_not_be(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
    numbers, tally = count(), Counter[str]()
    run_state_machine_as_test(
        machine(lambda: _on(server, tmp_path / str(next(numbers)), tally)),
        settings=settings(
            max_examples=LONG or RUNS,
            stateful_step_count=STEPS,
            derandomize=not LONG,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(dict(tally))
    # Much of it goes through: histories in which everybody is refused would show nothing.
    assert tally["began"] > RUNS, tally
    for by in ("asking anew", "a guard's copy"):
        assert tally[f"reached by {by}"] > RUNS * STEPS // 4, tally


@contextmanager
def _on(server: PostgresServer | None, folder: Path, tally: Counter[str]) -> Iterator[Stage]:
    folder.mkdir()
    if server is None:
        with staged(f"sqlite:///{folder / 'understudy.db'}", folder, tally) as stage:
            yield stage
        return
    with server.database() as url, staged(url, folder, tally) as stage:
        yield stage

"""Random histories of an installation, with everything judged after each step.

The machine makes the moves of those who ask, agree, set, manage and attack, on the real flows over
the real store. Beside it stand facts that know only what was asked for and answered, and after each
step an oracle that was written from the rules alone says of every session that is still reachable,
by asking anew or by a guard's copy, what it should not be.

Taken out of the product, one at a time, each of these was found by the run that is made each time:
that a subject's rank may not be the actor's own (``subject_outranks``), that whoever agrees to
less narrows the grant (``approve``), and that guards hear of a session that was narrowed
(``HELD_OTHERWISE``). So were, of single changes, that one passes once (``spend_unlock``), that its
fields are bound (``fingerprint``), that nobody decides about their own (``decide_unlock``), that
whoever allowed it still may (``_still_allowed``), and that every premise is asked again
(``live_session``); of budgets, that they are asked at the start (``seen_by``) and at the exchange
(``why_not``); of bait, that nobody works as it, that whoever tries is an alarm, and that what ran
before is over (``set_honey``).

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

from tests.contract.histories.drawing import (
    ACTORS,
    APPROVERS,
    MOSTLY,
    READING,
    SUBJECTS,
    move,
    moves_of,
)
from tests.contract.histories.judging import hour_of
from tests.contract.histories.moves_changing import Directory, Settings, Team, Time
from tests.contract.histories.moves_governing import Governing
from tests.contract.histories.moves_limiting import Limiting
from tests.contract.histories.moves_unlocking import WHAT, Unlocking
from tests.contract.histories.moves_work import Work
from tests.contract.histories.policy_texts import BY_THE_HOUR, POLICIES, Policy
from tests.contract.histories.stage import PEOPLE, Stage, staged
from tests.fixtures.postgresql import PostgresServer
from understudy.core.people.permissions import Role

LONG = int(os.environ.get("UNDERSTUDY_HISTORIES", "0"))
FIVE_TO_TEN = 9 + 55 / 60
RUNS, STEPS = 16, 60
"""Installations, and moves on each, in every run."""


def machine(
    make: Callable[[], AbstractContextManager[Stage]],
) -> type[RuleBasedStateMachine]:
    """The machine on installations that ``make`` makes."""

    class Histories(
        Work,
        Governing,
        Unlocking,
        Settings,
        Limiting,
        Directory,
        Team,
        Time,
        RuleBasedStateMachine,
    ):
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
            self,
            actor: str,
            subject: str,
            mended: bool,
            reading: bool = False,
            only_reading: bool = False,
        ) -> None:
            """Somebody asks, all agree who have to, to less perhaps, and the session begins."""
            if mended:
                self._mend(actor, subject)
            asked = self.ask_user(actor, subject)
            if asked is not None:
                self.allow(asked.id, subject, actor)
            grant = self.ask(actor, subject, reading=only_reading)
            if grant is None:
                return
            for who in ("kit", "lou"):
                self.approve(grant, who, reading=reading)
            self.open(grant)

        @move(
            weight=4,
            actor=ACTORS,
            subject=SUBJECTS,
            what=WHAT,
            who=APPROVERS,
            made=st.lists(WHAT, max_size=3),
        )
        def straight_to_a_change(
            self, actor: str, subject: str, what: str, who: str, made: list[str]
        ) -> None:
            """Somebody who only reads asks for a change, a colleague allows it, and it is made; or
            others are, or it is once more.
            """
            self.lets_changes_be_asked_for(on=True)
            self.straight_in(actor=actor, subject=subject, mended=True, only_reading=True)
            for session in list(self.stage.facts.sessions.values())[-1:]:
                change = self.ask_for(session, what)
                if change is not None:
                    self.decide(change, who, allowed=True)
                for one in made:
                    self.make(session, one)

        @move(
            weight=4,
            actor=ACTORS,
            subject=SUBJECTS,
            what=WHAT,
            before=st.sampled_from(POLICIES),
            after=st.sampled_from([*POLICIES, *BY_THE_HOUR * 3]),
            roles=st.sampled_from([Role.APPROVER, Role.APPROVER, Role.AUDITOR]),
            seconds=st.sampled_from([1, 310, 560, 600]),
        )
        def is_slow_to_make_a_change(
            self,
            *,
            actor: str,
            subject: str,
            what: str,
            before: Policy,
            after: Policy,
            roles: Role,
            seconds: int,
        ) -> None:
            """Shortly before ten a change is allowed; it is made when all else may be otherwise."""
            self._go_on_to(FIVE_TO_TEN)
            self.lets_changes_be_asked_for(on=True)
            self.mend_operator("kit")
            self.straight_in(actor=actor, subject=subject, mended=True, only_reading=True)
            self.sets_policies(policy=before)
            self.stage.judge()
            for session in list(self.stage.facts.sessions.values())[-1:]:
                change = self.ask_for(session, what)
                if change is not None:
                    self.decide(change, "kit", allowed=True)
                self.sets_policies(policy=after)
                self.changes_roles(who="kit", roles=(roles,))
                self.stage.judge()
                self.passes(seconds=seconds, swept=False)
                self.stage.judge()
                self.make(session, what)

        def _go_on_to(self, hour: float) -> None:
            """To that hour of this day, or of the next one."""
            ahead = (hour - hour_of(self.stage.facts.now)) % 24
            self.passes(seconds=round(ahead * 3600), swept=True)
            self.stage.judge()

        @move(weight=2, actor=ACTORS, people=st.permutations(list(PEOPLE)), most=READING)
        def from_one_to_the_next(self, actor: str, people: list[str], most: bool) -> None:
            """Somebody works as one user after the other, be it that a budget comes in between."""
            self._mend(actor, people[0])
            self.sets_quorum(quorum=0, glass=False)
            asked = [self.ask(actor, subject) for subject in people]
            if most:
                self.sets_budgets(an_hour=1, a_day=None)
            for grant in filter(None, asked):
                self.open(grant)

        @move(weight=2, actor=ACTORS, subject=SUBJECTS)
        def takes_the_bait(self, actor: str, subject: str) -> None:
            """Somebody works as a user, and goes on when they are bait."""
            self.straight_in(actor=actor, subject=subject, mended=True)
            self.sets_bait(subject=subject, honey=True)
            self.asks_and_begins(actor, subject)

        def _mend(self, actor: str, subject: str) -> None:
            """Whatever kept these two from it is as it was."""
            self.switches(allowed=True)
            self.disables_application(active=True)
            self.sets_policies(policy=POLICIES[0])
            self.sets_bait(subject=subject, honey=False)
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
    for what in ("alarms", "over budget", "changes made"):
        assert tally[what] > RUNS // 4, tally
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

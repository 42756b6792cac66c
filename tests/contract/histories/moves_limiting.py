"""Moves of admins who hold those to limits who work as others."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.contract.histories.drawing import READING, SUBJECTS, move
from tests.contract.histories.stage import Stage
from tests.contract.rules.world import HERE
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.flows.directory.honey import set_honey


class Limiting:
    """Budgets, and users who are bait."""

    stage: Stage

    @move(
        weight=2,
        an_hour=st.sampled_from([None, 1, 2]),
        a_day=st.sampled_from([None, None, 2]),
    )
    def sets_budgets(self, an_hour: int | None, a_day: int | None) -> None:
        """So many users one may become without anybody's agreement, or any number."""
        app = self.stage.facts.app
        app.subjects_an_hour, app.subjects_a_day = an_hour, a_day
        limits = InsiderLimits(subjects_an_hour=an_hour, subjects_a_day=a_day)
        self.stage.world.set_up_application(insiders=limits)

    @move(weight=2, subject=SUBJECTS, honey=READING)
    def sets_bait(self, subject: str, honey: bool) -> None:
        """A user is bait from now on, or no longer."""
        stage, person = self.stage, self.stage.facts.people[subject]
        app = stage.world.application.id
        done = stage.did(
            lambda unit: set_honey(
                unit, app, SubjectId(subject), honey=honey, by=SYSTEM, origin=HERE
            )
        )
        if done is None:
            return
        person.honey = honey
        if honey:
            for grant in stage.facts.grants.values():
                if grant.whom == person.key:
                    grant.closed = grant.closed or "of before the bait"
            stage.over("its subject is bait", lambda one: one.grant.whom == person.key)

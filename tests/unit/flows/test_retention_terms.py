from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.rules.world import World
from understudy.core.applications.bounds import MOST_DAYS
from understudy.flows.retention_terms import Terms, terms_of


def _terms(world: World) -> Terms:
    with world.engine.reading() as reader:
        return terms_of(reader, world.application)


def test_a_promise_binds_until_it_has_passed_and_not_a_moment_longer(installation: World) -> None:
    installation.set_up_application(retention_days=7)
    now = installation.clock()
    terms = _terms(installation)
    assert terms.days_at(now) == 30
    assert terms.days_at(now + timedelta(days=30, milliseconds=-1)) == 30
    assert terms.days_at(now + timedelta(days=30)) == 7


def test_a_longer_retention_takes_effect_at_once(installation: World) -> None:
    installation.set_up_application(retention_days=90)
    assert _terms(installation).days_at(installation.clock()) == 90


def test_lowering_it_twice_keeps_the_longest_promise(installation: World) -> None:
    installation.set_up_application(retention_days=20)
    installation.clock.forward(days=1)
    installation.set_up_application(retention_days=1)
    terms = _terms(installation)
    assert terms.days_at(installation.clock()) == 30
    assert terms.days_at(installation.clock() + timedelta(days=29)) == 1


def test_the_entry_that_ordered_it_is_known(installation: World) -> None:
    installation.set_up_application(retention_days=20)
    ordered = installation.entries()[0].index
    installation.set_up_application(idle_minutes=5)
    assert _terms(installation).ordered_by == ordered


@pytest.mark.parametrize("days", [-1, 0, MOST_DAYS + 1])
def test_days_out_of_bounds_keep_everything(installation: World, days: int) -> None:
    settings = replace(installation.application.settings, retention_days=days)
    installation.application = replace(installation.application, settings=settings)
    assert _terms(installation).days_at(installation.clock()) == MOST_DAYS

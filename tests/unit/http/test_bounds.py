from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from msgspec import UNSET

from tests.contract.rules.world import World, world
from tests.fixtures.refusals import refusal_of
from tests.unit.core.factories import application
from understudy.errors import InvalidInput, NotFound
from understudy.http.bounds import as_of, optional_application, require_own, required_application
from understudy.http.principal import ANYBODY, ApplicationPrincipal

OWN = ApplicationPrincipal(application=application())
OPERATOR = ANYBODY
"""Whoever is no application is confined by permissions, which were looked at before."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An installation that no test changes."""
    folder = tmp_path_factory.mktemp("installation")
    with world(f"sqlite:///{folder / 'understudy.db'}", folder) as made:
        yield made


def test_an_application_sees_itself_whether_it_says_so_or_not() -> None:
    assert optional_application(OWN, UNSET) == "app_1"
    assert optional_application(OWN, "app_1") == "app_1"


def test_an_application_that_asks_for_another_is_told_that_there_is_none() -> None:
    with refusal_of(NotFound, "not_found"):
        optional_application(OWN, "app_2")


def test_an_operator_who_names_no_application_means_all() -> None:
    assert optional_application(OPERATOR, UNSET) is None
    assert optional_application(OPERATOR, "app_2") == "app_2"


def test_an_operator_has_to_say_which_application_is_meant(here: World) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="application_id"):
        here.run(lambda unit: required_application(OPERATOR, UNSET, unit))
    with refusal_of(NotFound, "not_found"):
        here.run(lambda unit: required_application(OPERATOR, "app_unknown", unit))
    found = here.run(lambda unit: required_application(OPERATOR, here.application.id, unit))
    assert found.id == here.application.id


def test_an_application_cannot_reach_another_that_exists(here: World) -> None:
    with refusal_of(NotFound, "not_found"):
        here.run(lambda unit: required_application(OWN, here.application.id, unit))


def test_settings_are_those_that_are_stored_now(here: World) -> None:
    known = replace(here.application, name="as it was at the sign-in")
    assert here.run(lambda unit: as_of(unit, known)).name == here.application.name
    foreign = application(id="app_gone")
    assert here.run(lambda unit: as_of(unit, foreign)) is foreign


@pytest.mark.parametrize("owner", ["app_2", None])
def test_what_is_not_an_applications_own_does_not_exist_for_it(owner: str | None) -> None:
    with refusal_of(NotFound, "not_found"):
        require_own(OWN, owner)
    require_own(OPERATOR, owner)
    require_own(OWN, "app_1")

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.rules.world import World, world
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import SubjectId
from understudy.errors import InvalidInput
from understudy.wires.native.people import Found, find_people


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An installation that no test changes."""
    folder = tmp_path_factory.mktemp("installation")
    with world(f"sqlite:///{folder / 'understudy.db'}", folder) as made:
        yield made


def _find(here: World, **asked: Any) -> Found | None:
    asked = {"application_id": here.application.id, **asked}
    return here.run(lambda unit: find_people(unit, here.engine.vault, **asked))


def test_who_asks_for_nobody_finds_everybody(here: World) -> None:
    assert _find(here, application_id=None) == Found(application_id=None)


def test_a_subject_is_found_by_the_applications_own_id(here: World) -> None:
    found = _find(here, subject_id="ada")
    ada = here.run(lambda unit: unit.subjects.get(here.application.id, SubjectId("ada")))
    assert ada is not None
    assert found == Found(application_id=here.application.id, subject_ref=ada.ref)


@pytest.mark.parametrize("asked", ["subject_id", "organization_id"])
def test_an_id_that_is_nobodys_finds_nothing_rather_than_everything(
    here: World, asked: str
) -> None:
    assert _find(here, **{asked: "nobody"}) is None


@pytest.mark.parametrize("asked", ["subject_id", "organization_id", "actor_id"])
def test_it_takes_an_application_to_say_whose_ids_these_are(here: World, asked: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="application_id"):
        _find(here, application_id=None, **{asked: "ada"})

from __future__ import annotations

import pytest

from tests.contract.rules.world import World
from tests.unit.wires.stytch.test_organizations import caller
from understudy.core.people.principals import Subject
from understudy.errors import InvalidInput, NotFound
from understudy.wires.stytch import objects, users
from understudy.wires.stytch.requests import ChangeUser, CreateUser, PersonName


def _create(world: World, asked: CreateUser) -> Subject:
    return world.run(lambda unit: users.create(unit, asked, caller(world)))


def _update(world: World, name: str, change: ChangeUser) -> Subject:
    return world.run(lambda unit: users.update(unit, name, change, caller(world)))


@pytest.mark.parametrize("asked", [CreateUser(), CreateUser(phone_number="")])
def test_a_user_needs_an_address_or_a_number(installation: World, asked: CreateUser) -> None:
    with pytest.raises(InvalidInput) as refused:
        _create(installation, asked)
    assert refused.value.facts["error_type"] == "invalid_create_user_request"


def test_one_part_of_a_name_changes_alone(installation: World) -> None:
    name = PersonName(first_name="Ana", middle_name="de", last_name="Sá")
    made = _create(installation, CreateUser(email="a@x.example", name=name))
    assert made.name == "Ana de Sá"
    changed = _update(installation, made.id, ChangeUser(name=PersonName(middle_name="")))
    assert changed.name == "Ana Sá"
    assert objects.user(changed)["name"] == {
        "first_name": "Ana",
        "middle_name": "",
        "last_name": "Sá",
    }


def test_a_name_that_came_by_another_way_is_the_one_that_changes(installation: World) -> None:
    installation.save_subject(id="kim", email="kim@x.example", name="Kim van Dyk")
    changed = _update(installation, "kim", ChangeUser(name=PersonName(first_name="Kit")))
    assert changed.name == "Kit van Dyk"
    assert _update(installation, "kim", ChangeUser()).name == "Kit van Dyk"


def test_an_organization_that_a_user_has_anyway_stays(installation: World) -> None:
    assert _update(installation, "ada", ChangeUser(roles=["x"])).organization_id == "acme"


def test_nobody_of_another_application_is_found(installation: World) -> None:
    with installation.engine.reading() as reader, pytest.raises(NotFound) as refused:
        users.find(reader, installation.other_application.id, "ada")
    assert refused.value.facts["error_type"] == "user_not_found"

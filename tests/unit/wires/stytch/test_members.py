from __future__ import annotations

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from tests.unit.wires.stytch.test_organizations import caller
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Organization, Subject
from understudy.core.ports import Unit
from understudy.errors import InvalidInput, NotFound
from understudy.flows.directory import maintain
from understudy.flows.directory.maintain import Further, SubjectFacts
from understudy.wires.stytch import members
from understudy.wires.stytch.requests import ChangeMember, CreateMember


@pytest.fixture
def acme(installation: World) -> Organization:
    """The organization that everybody is in."""
    with installation.engine.reading() as reader:
        found = reader.organizations.get(installation.application.id, OrganizationId("acme"))
    assert found is not None
    return found


def _create(world: World, organization: Organization, asked: CreateMember) -> Subject:
    return world.run(lambda unit: members.create(unit, organization, asked, caller(world)))


def _update(world: World, organization: Organization, name: str, change: ChangeMember) -> Subject:
    return world.run(lambda unit: members.update(unit, organization, name, change, caller(world)))


def test_a_member_needs_an_address(installation: World, acme: Organization) -> None:
    with refusal_of(InvalidInput, "invalid_input", error_type="bad_request"):
        _create(installation, acme, CreateMember(name="Nobody"))


def test_what_is_not_given_stays(installation: World, acme: Organization) -> None:
    asked = CreateMember(email_address="i@x.example", name="Ines", external_id="crm-1", roles=["a"])
    made = _create(installation, acme, asked)
    assert _update(installation, acme, "crm-1", ChangeMember()) == made
    cleared = _update(installation, acme, made.id, ChangeMember(name="", roles=[]))
    assert (cleared.name, cleared.roles, cleared.email) == (None, (), "i@x.example")


def test_what_another_wire_keeps_and_the_native_api_says_stays(
    installation: World, acme: Organization
) -> None:
    facts = SubjectFacts(
        id=SubjectId("ada"),
        organization_id=OrganizationId("acme"),
        protected=True,
        disabled=True,
        further=Further(extra={"clerk": {"x": 1}}),
    )

    def save(unit: Unit) -> Subject:
        return maintain.save_subject(unit, installation.application, facts, by=SYSTEM, origin=HERE)

    before = installation.run(save)
    change = ChangeMember(untrusted_metadata={"theme": "dark"})
    after = _update(installation, acme, "ada", change)
    assert (after.protected, after.status) == (True, before.status)
    assert after.extra == {
        "clerk": {"x": 1},
        "stytch": {"untrusted_metadata": {"theme": "dark"}},
    }


def test_roles_that_everybody_has_are_not_stored() -> None:
    assert members.own_roles(["a", "stytch_member", "a", "b"], "stytch_member") == ("a", "b")


def test_a_deleted_member_is_found_only_when_asked_for(
    installation: World, acme: Organization
) -> None:
    made = _create(installation, acme, CreateMember(email_address="i@x.example", external_id="e1"))
    installation.run(lambda unit: members.delete(unit, acme, "e1", caller(installation)))
    with installation.engine.reading() as reader:
        for name in (made.id, "e1"):
            with refusal_of(NotFound, "not_found", error_type="member_not_found"):
                members.anywhere(reader, installation.application.id, name)
        gone = members.anywhere(reader, installation.application.id, made.id, include_deleted=True)
    assert (gone.email, gone.extra) == (None, {})
    assert installation.entries(EventType.SUBJECT_DELETED)


def test_a_subject_without_an_organization_is_no_member(installation: World) -> None:
    with (
        installation.engine.reading() as reader,
        refusal_of(NotFound, "not_found", error_type="member_not_found"),
    ):
        members.anywhere(reader, installation.application.id, "sam-too")

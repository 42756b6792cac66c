"""The worked example of CONTRIBUTING.md: a new flow, its entry, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.rules.world import HERE, World
from understudy.core.ids import OrganizationId
from understudy.core.notices.events import SYSTEM, Event, EventType, Party
from understudy.core.people.principals import Organization
from understudy.core.ports import Unit
from understudy.errors import NotFound
from understudy.flows.origin import Origin


def rename(
    unit: Unit, application_id: str, organization_id: str, name: str, *, by: Party, origin: Origin
) -> Organization:
    """Call an organization something else.

    :raises NotFound: no such organization.
    """
    found = unit.organizations.get(application_id, OrganizationId(organization_id))
    if found is None:
        raise NotFound
    renamed = replace(found, name=name, updated_at=unit.now)
    unit.organizations.save(renamed)
    unit.record(
        Event(
            type=EventType.ORGANIZATION_SAVED,
            application_id=application_id,
            actor=by,
            organization=renamed.party,
            address=origin.address,
            user_agent=origin.user_agent,
        )
    )
    return renamed


def _rename(world: World, organization_id: str) -> Organization:
    return world.run(
        lambda unit: rename(
            unit, world.application.id, organization_id, "Acme & Co.", by=SYSTEM, origin=HERE
        )
    )


def _name(world: World) -> str:
    with world.engine.reading() as reader:
        found = reader.organizations.get(world.application.id, OrganizationId("acme"))
    assert found is not None
    return found.name


def test_the_change_and_its_entry_are_there_together(installation: World) -> None:
    assert _rename(installation, "acme").name == _name(installation) == "Acme & Co."
    entry = installation.entries(EventType.ORGANIZATION_SAVED)[0]
    assert entry.personal is not None
    assert entry.personal["organization_name"] == "Acme & Co."
    assert entry.core is not None
    assert "organization_name" not in entry.core


def test_neither_is_there_when_the_flow_raises(installation: World) -> None:
    before, size = _name(installation), len(installation.entries())

    def fail(unit: Unit) -> None:
        rename(unit, installation.application.id, "acme", "Acme & Co.", by=SYSTEM, origin=HERE)
        raise NotFound

    with pytest.raises(NotFound) as refused:
        installation.run(fail)
    assert refused.value.code == "not_found"
    assert (_name(installation), len(installation.entries())) == (before, size)


def test_there_is_no_entry_about_what_is_not_there(installation: World) -> None:
    size = len(installation.entries())
    with pytest.raises(NotFound) as refused:
        _rename(installation, "nowhere")
    assert refused.value.code == "not_found"
    assert len(installation.entries()) == size

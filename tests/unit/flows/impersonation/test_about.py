from __future__ import annotations

from dataclasses import replace

from tests.contract.rules.world import World
from understudy.core.ids import OrganizationId, OrganizationRef, SubjectRef
from understudy.core.notices.events import Party, PartyKind
from understudy.flows.impersonation.about import organization_party, subject_party


def test_people_are_named_as_the_directory_knows_them_now(installation: World) -> None:
    grant = installation.granted()
    installation.save_subject(id="ada", name="Ada King", organization_id=grant.organization_id)
    assert installation.run(lambda unit: subject_party(unit, grant)).name == "Ada King"


def test_somebody_else_who_has_the_id_by_now_is_not_named(installation: World) -> None:
    grant = replace(installation.granted(), subject_ref=SubjectRef("sub_before"))
    assert installation.run(lambda unit: subject_party(unit, grant)) == Party(
        kind=PartyKind.SUBJECT, ref="sub_before", id="ada"
    )


def test_an_organization_that_is_another_by_now_is_not_named_either(installation: World) -> None:
    grant = replace(
        installation.granted(),
        organization_id=OrganizationId("acme"),
        organization_ref=OrganizationRef("org_before"),
    )
    found = installation.run(lambda unit: organization_party(unit, grant))
    assert found == Party(kind=PartyKind.ORGANIZATION, ref="org_before", id="acme")
    nowhere = replace(grant, organization_id=None, organization_ref=None)
    assert installation.run(lambda unit: organization_party(unit, nowhere)) is None

from __future__ import annotations

import re

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.notices.events import EventType
from understudy.core.people.principals import Organization
from understudy.errors import InvalidInput, NotFound
from understudy.wires.stytch import organizations
from understudy.wires.stytch.organizations import Caller
from understudy.wires.stytch.requests import ChangeOrganization, Role


def caller(world: World) -> Caller:
    return Caller(application=world.application, by=world.application.party, origin=HERE)


def _create(world: World, **change: str) -> Organization:
    asked = ChangeOrganization(**change)  # type: ignore[arg-type]
    return world.run(lambda unit: organizations.create(unit, asked, caller(world)))


def _find(world: World, name: str) -> Organization:
    with world.engine.reading() as reader:
        return organizations.find(reader, world.application.id, name)


def test_an_id_goes_before_a_slug_and_a_slug_before_an_external_id(installation: World) -> None:
    slugged = _create(installation, organization_name="A", organization_slug="shared-name")
    _create(installation, organization_name="B", organization_external_id="shared-name")
    assert _find(installation, "shared-name") == slugged
    shadow = _create(installation, organization_name="C", organization_slug="acme")
    assert _find(installation, "acme").id == "acme"
    assert _find(installation, shadow.id) == shadow


def test_what_is_deleted_is_found_by_no_name(installation: World) -> None:
    made = _create(
        installation, organization_name="A", organization_slug="gone", organization_external_id="x"
    )
    installation.run(lambda unit: organizations.delete(unit, "gone", caller(installation)))
    for name in (made.id, "gone", "x"):
        with pytest.raises(NotFound) as refused:
            _find(installation, name)
        assert refused.value.facts["error_type"] == "organization_not_found"
    _create(installation, organization_name="B", organization_slug="gone")


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Blue Heron Ltd.", r"blue-heron-ltd\.-[0-9a-f]{6}"), ("鷺", r"organization-[0-9a-f]{6}")],
)
def test_a_slug_is_made_from_the_name(installation: World, name: str, slug: str) -> None:
    made = _create(installation, organization_name=name)
    assert re.fullmatch(slug, made.slug or "")
    assert _create(installation, organization_name=name).slug != made.slug


@pytest.mark.parametrize("slug", ["", "a", "a" * 129, "a b", "a/b", "ä"])
def test_a_slug_that_cannot_be_one_is_refused(installation: World, slug: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _create(installation, organization_name="A", organization_slug=slug)
    assert refused.value.facts["error_type"] == "invalid_organization_slug"


def test_an_organization_needs_a_name(installation: World) -> None:
    with refusal_of(InvalidInput, "invalid_input", error_type="bad_request"):
        _create(installation, organization_slug="nameless")


def test_roles_are_kept_beside_everything_else(installation: World) -> None:
    made = _create(installation, organization_name="A", organization_logo_url="https://x.example/l")
    roles = [Role(role_id="owner")]
    changed = installation.run(
        lambda unit: organizations.set_roles(unit, made.id, roles, caller(installation))
    )
    assert changed.slug == made.slug
    assert changed.extra["stytch"]["organization_logo_url"] == "https://x.example/l"
    assert changed.extra["stytch"]["custom_roles"][0]["role_id"] == "owner"


def test_every_change_is_an_entry_in_the_applications_name(installation: World) -> None:
    before = len(installation.entries(EventType.ORGANIZATION_SAVED))
    _create(installation, organization_name="A")
    entry, *rest = installation.entries(EventType.ORGANIZATION_SAVED)
    assert len(rest) == before
    assert (entry.core or {})["actor_kind"] == "application"

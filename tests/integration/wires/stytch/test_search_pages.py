"""Searches for members and organizations through the official Python SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from stytch import B2BClient
from stytch.core.response_base import StytchError

from tests.integration.wires.stytch.place import Place
from tests.integration.wires.stytch.test_b2b_sdk import refusal

# The SDK itself uses what its own dependencies have deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@dataclass(frozen=True, kw_only=True)
class Searched:
    """The SDK of a project with a third member and a third organization; names for ids of ours."""

    sdk: B2BClient
    named: Mapping[str, str]


@pytest.fixture(scope="module")
def searched(steady_place: Place) -> Searched:
    """One for all searches."""
    sdk = steady_place.b2b_sdk()
    ines = sdk.organizations.members.create(
        "acme",
        "ines@acme.example",
        external_id="crm-5",
        create_member_as_pending=True,
        is_breakglass=True,
        mfa_phone_number="+12025550162",
    ).member_id
    sdk.organizations.create(
        "Blue Heron", organization_slug="heron", email_allowed_domains=["h.example"]
    )
    return Searched(sdk=sdk, named={ines: "ines"})


@pytest.mark.parametrize(
    ("operands", "found"),
    [
        ([], ["ada", "bea", "ines"]),
        ([{"filter_name": "member_ids", "filter_value": ["ada", "crm-5"]}], ["ada", "ines"]),
        ([{"filter_name": "member_emails", "filter_value": ["bea@globex.example"]}], ["bea"]),
        ([{"filter_name": "member_email_fuzzy", "filter_value": "acme"}], ["ada", "ines"]),
        ([{"filter_name": "statuses", "filter_value": ["pending"]}], ["ines"]),
        ([{"filter_name": "statuses", "filter_value": ["deleted"]}], []),
        ([{"filter_name": "member_is_breakglass", "filter_value": True}], ["ines"]),
        ([{"filter_name": "member_phone_numbers", "filter_value": ["+12025550162"]}], ["ines"]),
        ([{"filter_name": "member_phone_number_fuzzy", "filter_value": "555"}], ["ines"]),
        ([{"filter_name": "member_roles", "filter_value": ["billing"]}], ["ada", "bea"]),
    ],
)
def test_members_are_found_by_filters(
    searched: Searched, operands: list[dict[str, object]], found: list[str]
) -> None:
    answer = searched.sdk.organizations.members.search(
        ["acme", "globex"], query={"operator": "AND", "operands": operands}
    )
    ids = sorted(searched.named.get(one.member_id, one.member_id) for one in answer.members)
    assert ids == found
    assert answer.results_metadata.total == len(found)
    assert set(answer.organizations) == {one.organization_id for one in answer.members}


def test_members_are_paged_over_several_organizations(place: Place) -> None:
    sdk = place.b2b_sdk()
    for number in range(3):
        for name in ("acme", "globex"):
            sdk.organizations.members.create(name, f"{number}@many.example", name="Many")
    query = {
        "operator": "AND",
        "operands": [{"filter_name": "member_email_fuzzy", "filter_value": "example"}],
    }
    for narrowed in (None, query):
        seen: list[str] = []
        cursor, pages = None, 0
        while pages == 0 or cursor is not None:
            answer = sdk.organizations.members.search(
                ["globex", "acme"], cursor=cursor, limit=3, query=narrowed
            )
            seen += [one.member_id for one in answer.members]
            cursor, pages = answer.results_metadata.next_cursor, pages + 1
            assert answer.results_metadata.total == 8
        assert (len(seen), len(set(seen)), pages) == (8, 8, 3)


def test_a_search_for_members_names_organizations(place: Place) -> None:
    sdk = place.b2b_sdk()
    with pytest.raises(StytchError) as raised:
        sdk.organizations.members.search([])
    assert refusal(raised) == (400, "member_search_organization_ids_empty")
    with pytest.raises(StytchError) as raised:
        sdk.organizations.members.search(["acme", "nowhere"])
    assert refusal(raised) == (404, "organization_not_found")


@pytest.mark.parametrize(
    ("operator", "operands", "found"),
    [
        ("AND", [], ["acme", "globex", "heron"]),
        ("AND", [{"filter_name": "organization_ids", "filter_value": ["acme"]}], ["acme"]),
        ("AND", [{"filter_name": "organization_slugs", "filter_value": ["heron"]}], ["heron"]),
        ("AND", [{"filter_name": "organization_name_fuzzy", "filter_value": "HERO"}], ["heron"]),
        ("AND", [{"filter_name": "organization_slug_fuzzy", "filter_value": "glob"}], ["globex"]),
        ("AND", [{"filter_name": "member_emails", "filter_value": ["Ada@acme.example"]}], ["acme"]),
        ("AND", [{"filter_name": "member_email_fuzzy", "filter_value": "globex"}], ["globex"]),
        ("AND", [{"filter_name": "allowed_domains", "filter_value": ["h.example"]}], ["heron"]),
        ("AND", [{"filter_name": "allowed_domain_fuzzy", "filter_value": "h.e"}], ["heron"]),
        ("AND", [{"filter_name": "has_active_sso_connection", "filter_value": True}], []),
        (
            "OR",
            [
                {"filter_name": "organization_ids", "filter_value": ["acme"]},
                {"filter_name": "organization_slugs", "filter_value": ["heron"]},
            ],
            ["acme", "heron"],
        ),
    ],
)
def test_organizations_are_found_by_filters(
    searched: Searched, operator: str, operands: list[dict[str, object]], found: list[str]
) -> None:
    query = {"operator": operator, "operands": operands}
    answer = searched.sdk.organizations.search(query=query)
    assert sorted(one.organization_slug for one in answer.organizations) == found
    assert answer.results_metadata.total == len(found)

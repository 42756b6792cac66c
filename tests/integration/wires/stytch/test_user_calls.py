"""Users through the official Python SDK for consumer projects, over the application's directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from stytch import Client
from stytch.consumer.models.users import SearchUsersQuery, SearchUsersQueryOperator
from stytch.core.response_base import StytchError

from tests.integration.wires.stytch.place import Place
from tests.integration.wires.stytch.test_b2b_sdk import refusal

# The SDK itself uses what its own dependencies have deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_users_are_created_found_changed_and_deleted(place: Place) -> None:
    sdk = place.sdk()
    made = sdk.users.create(
        email="Tomas@Reyes.example",
        name={"first_name": "Tomas", "last_name": "Reyes"},
        external_id="crm-7",
        roles=["editor"],
        trusted_metadata={"plan": "gold", "seats": 3},
    )
    assert made.user_id.startswith("user-")
    assert made.email_id == made.user.emails[0].email_id
    assert (made.phone_id, made.status) == ("", "active")
    assert made.user.emails[0].email == "tomas@reyes.example"
    assert made.user.roles == ["stytch_user", "editor"]
    assert sdk.users.get("crm-7").user_id == made.user_id
    changed = sdk.users.update(
        made.user_id,
        name={"last_name": "Rey"},
        trusted_metadata={"plan": None, "since": 2031},
        roles=[],
    )
    assert changed.user.trusted_metadata == {"seats": 3, "since": 2031}
    assert changed.user.roles == ["stytch_user"]
    assert changed.user.external_id == "crm-7"
    found = sdk.users.get(made.user_id)
    assert found.name is not None
    assert (found.name.first_name, found.name.last_name) == ("Tomas", "Rey")
    native = place.call("GET", f"/api/v1/subjects/{made.user_id}", place.consumer).json()
    assert native["name"] == "Tomas Rey"
    assert sdk.users.delete_external_id("crm-7").user.external_id is None
    with pytest.raises(StytchError):
        sdk.users.get("crm-7")
    assert sdk.users.delete(made.user_id).user_id == made.user_id
    for name in (made.user_id, "crm-7"):
        with pytest.raises(StytchError) as raised:
            sdk.users.get(name)
        assert refusal(raised) == (404, "user_not_found")


def test_a_user_without_an_address_has_a_phone(place: Place) -> None:
    sdk = place.sdk()
    made = sdk.users.create(phone_number="+12025550162", create_user_as_pending=True)
    assert (made.email_id, made.status) == ("", "pending")
    assert made.phone_id == made.user.phone_numbers[0].phone_id
    with pytest.raises(StytchError) as raised:
        sdk.users.create()
    assert refusal(raised) == (400, "invalid_create_user_request")


def test_no_two_users_share_an_address_or_an_external_id(place: Place) -> None:
    sdk = place.sdk()
    with pytest.raises(StytchError) as raised:
        sdk.users.create(email="ADA@acme.example")
    assert refusal(raised) == (400, "duplicate_email")
    first = sdk.users.create(email="one@x.example", external_id="crm-1")
    with pytest.raises(StytchError) as raised:
        sdk.users.create(email="two@x.example", external_id="crm-1")
    assert refusal(raised) == (400, "duplicate_user_external_id")
    with pytest.raises(StytchError) as raised:
        sdk.users.update("bea", external_id="crm-1")
    assert refusal(raised) == (400, "duplicate_user_external_id")
    sdk.users.update(first.user_id, external_id="crm-1")
    with pytest.raises(StytchError) as raised:
        sdk.users.create(email="three@x.example", external_id="ada")
    assert refusal(raised) == (400, "duplicate_user_external_id")


@dataclass(frozen=True, kw_only=True)
class Searched:
    """The SDK of a project to which a third user was added, with names for ids of our making."""

    sdk: Client
    named: Mapping[str, str]


@pytest.fixture(scope="module")
def searched(steady_place: Place) -> Searched:
    """One for all searches."""
    sdk = steady_place.sdk()
    kim = sdk.users.create(
        phone_number="+12025550162", create_user_as_pending=True, external_id="crm-9"
    )
    return Searched(sdk=sdk, named={kim.user_id: "kim"})


@pytest.mark.parametrize(
    ("operator", "operands", "found"),
    [
        ("AND", [], ["ada", "bea", "kim"]),
        ("AND", [{"filter_name": "user_id", "filter_value": ["ada", "crm-9"]}], ["ada", "kim"]),
        (
            "AND",
            [{"filter_name": "email_address", "filter_value": ["BEA@globex.example"]}],
            ["bea"],
        ),
        ("AND", [{"filter_name": "email_address_fuzzy", "filter_value": "ACME"}], ["ada"]),
        ("AND", [{"filter_name": "full_name_fuzzy", "filter_value": "lovett"}], ["ada", "bea"]),
        ("AND", [{"filter_name": "full_name_fuzzy", "filter_value": "acme"}], []),
        ("AND", [{"filter_name": "status", "filter_value": "pending"}], ["kim"]),
        ("AND", [{"filter_name": "phone_number", "filter_value": ["+12025550162"]}], ["kim"]),
        ("AND", [{"filter_name": "phone_number_fuzzy", "filter_value": "5550"}], ["kim"]),
        ("AND", [{"filter_name": "email_verified", "filter_value": False}], ["kim"]),
        ("AND", [{"filter_name": "password_exists", "filter_value": True}], []),
        ("AND", [{"filter_name": "totp_id", "filter_value": ["totp-1"]}], []),
        (
            "AND",
            [{"filter_name": "created_at_greater_than", "filter_value": "2020-01-01T00:00:00Z"}],
            ["ada", "bea", "kim"],
        ),
        (
            "AND",
            [{"filter_name": "created_at_less_than", "filter_value": "2020-01-01T00:00:00Z"}],
            [],
        ),
        (
            "AND",
            [
                {
                    "filter_name": "created_at_between",
                    "filter_value": {
                        "greater_than": "2020-01-01T00:00:00Z",
                        "less_than": "2120-01-01T00:00:00Z",
                    },
                }
            ],
            ["ada", "bea", "kim"],
        ),
        (
            "AND",
            [
                {"filter_name": "full_name_fuzzy", "filter_value": "lovett"},
                {"filter_name": "email_address", "filter_value": ["bea@globex.example"]},
            ],
            ["bea"],
        ),
        (
            "OR",
            [
                {"filter_name": "status", "filter_value": "pending"},
                {"filter_name": "email_address", "filter_value": ["bea@globex.example"]},
            ],
            ["bea", "kim"],
        ),
    ],
)
def test_users_are_found_by_filters(
    searched: Searched, operator: str, operands: list[dict[str, object]], found: list[str]
) -> None:
    answer = searched.sdk.users.search(query={"operator": operator, "operands": operands})
    ids = sorted(searched.named.get(one.user_id, one.user_id) for one in answer.results)
    assert ids == found
    assert answer.results_metadata.total == len(found)
    assert answer.results_metadata.next_cursor is None


def test_a_search_goes_on_until_the_last_page_and_stops(place: Place) -> None:
    sdk = place.sdk()
    for number in range(5):
        sdk.users.create(email=f"{number}@many.example", name={"first_name": f"Many {number}"})
    everybody = [one.user_id for page in sdk.users.search_all(limit=2) for one in page.results]
    assert len(everybody) == len(set(everybody)) == 7
    query = SearchUsersQuery(
        operator=SearchUsersQueryOperator.AND,
        operands=[{"filter_name": "email_address_fuzzy", "filter_value": "many"}],
    )
    pages = list(sdk.users.search_all(query=query, limit=2))
    assert [len(page.results) for page in pages] == [2, 2, 1]
    assert sdk.users.search(query=query, limit=2).results_metadata.total == 5
    with pytest.raises(StytchError) as raised:
        sdk.users.search(cursor="never-seen")
    assert refusal(raised) == (400, "bad_request")


@pytest.mark.parametrize(
    "query",
    [
        {"operator": "AND", "operands": [{"filter_name": "shoe_size", "filter_value": [43]}]},
        {"operator": "AND", "operands": [{"filter_name": "user_id", "filter_value": "ada"}]},
        {"operator": "AND", "operands": [{"filter_name": "user_id", "filter_value": []}]},
        {"operator": "AND", "operands": [{"filter_name": "full_name_fuzzy", "filter_value": "ad"}]},
        {"operator": "AND", "operands": [{"filter_name": "user_id"}]},
        {"operator": "XOR", "operands": []},
        {"operands": []},
        {"operator": "AND", "operands": [{"filter_name": "created_at_less_than",
                                          "filter_value": "2031-01-01T00:00:00"}]},
    ],
)  # fmt: skip
def test_a_search_that_is_not_understood_is_refused(
    steady_place: Place, query: dict[str, object]
) -> None:
    answer = steady_place.post("/v1/users/search", {"query": query}, steady_place.consumer)
    assert answer.status_code == 400
    assert answer.json()["error_type"] == "bad_request"
    assert answer.json()["error_message"]

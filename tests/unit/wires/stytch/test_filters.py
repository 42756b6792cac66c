from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.core import factories
from understudy.core.people.principals import Subject
from understudy.core.ports import SubjectFilter
from understudy.errors import InvalidInput
from understudy.wires.stytch.filters import (
    Condition,
    condition,
    member_filters,
    organization_filters,
    user_filters,
)
from understudy.wires.stytch.kept import KeptOrganization, KeptSubject, with_kept
from understudy.wires.stytch.requests import Operand

ADA = factories.subject(
    external_id="crm-1",
    extra=with_kept({}, KeptSubject(phone_number="+12025550162", mfa_phone_number="+12025550199")),
)
BARE = factories.subject(id="bob", email=None, name=None, roles=())


def _resolve(external_ids: frozenset[str]) -> frozenset[str]:
    return frozenset({"ada"}) if "crm-1" in external_ids else frozenset()


def _condition(name: str, value: object) -> Condition[Subject]:
    known = {**user_filters(_resolve), **member_filters(_resolve)}
    return condition(Operand(filter_name=name, filter_value=value), known)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user_id", ["ada"]),
        ("user_id", ["crm-1", "nobody"]),
        ("email_address", ["ADA@acme.example"]),
        ("email_address_fuzzy", "  Acme "),
        ("full_name_fuzzy", "LOVE"),
        ("phone_number", ["+12025550162"]),
        ("phone_number_fuzzy", "0162"),
        ("member_phone_numbers", ["+12025550199"]),
        ("member_phone_number_fuzzy", "0199"),
        ("email_verified", True),
        ("member_roles", ["member", "other"]),
        ("created_at_greater_than", (factories.NOW - timedelta(seconds=1)).isoformat()),
        ("created_at_less_than", (factories.NOW + timedelta(seconds=1)).isoformat()),
    ],
)
def test_a_filter_finds_ada_and_not_somebody_bare(name: str, value: object) -> None:
    found = _condition(name, value)
    assert found.test(ADA)
    assert found.test(BARE) == name.startswith("created_at")


def test_moments_themselves_are_neither_later_nor_earlier() -> None:
    now = factories.NOW.isoformat()
    assert not _condition("created_at_greater_than", now).test(ADA)
    assert not _condition("created_at_less_than", now).test(ADA)
    between = {"greater_than": now, "less_than": now}
    assert not _condition("created_at_between", between).test(ADA)


def test_what_an_index_answers_is_looked_up() -> None:
    where = SubjectFilter(application_id="app_1")
    by_id = _condition("member_ids", ["crm-1", "bob"])
    assert by_id.exact
    assert by_id.narrow is not None
    assert by_id.narrow(where).ids == {"ada", "bob", "crm-1"}
    fuzzy = _condition("member_email_fuzzy", "acme")
    assert not fuzzy.exact  # the store looks into names and ids as well
    assert fuzzy.narrow is not None
    assert fuzzy.narrow(where).query == "acme"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("shoe_size", [43], "no filter 'shoe_size'"),
        ("user_id", "ada", "a list of texts"),
        ("user_id", [7], "a list of texts"),
        ("user_id", [], "1 to 500"),
        ("user_id", ["x"] * 501, "1 to 500"),
        ("full_name_fuzzy", "  ab ", "at least 3"),
        ("full_name_fuzzy", ["abc"], "a text"),
        ("email_verified", "true", "true or false"),
        ("created_at_less_than", "yesterday", "a time"),
        ("created_at_less_than", "2031-01-01T00:00:00", "offset"),
        ("created_at_between", "2031-01-01T00:00:00Z", "greater_than"),
        ("created_at_between", {"less_than": "2031-01-01T00:00:00Z"}, "a time"),
    ],
)
def test_a_filter_that_is_not_understood_is_refused(name: str, value: object, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _condition(name, value)
    assert said in refused.value.detail
    assert refused.value.facts["error_type"] == "bad_request"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("organization_ids", ["acme"]),
        ("organization_slugs", ["blue"]),
        ("organization_name_fuzzy", "ACM"),
        ("organization_slug_fuzzy", "blu"),
        ("member_emails", ["ada@acme.example"]),
        ("member_email_fuzzy", "ada@"),
        ("allowed_domains", ["a.example", "b.example"]),
        ("allowed_domain_fuzzy", "a.ex"),
        ("claimed_email_domains", ["c.example"]),
        ("has_active_sso_connection", False),
    ],
)
def test_organizations_have_filters_of_their_own(name: str, value: Any) -> None:
    asked: list[SubjectFilter] = []

    def organizations_with(where: SubjectFilter) -> frozenset[str]:
        asked.append(where)
        return frozenset({"acme"})

    kept = KeptOrganization(
        email_allowed_domains=["a.example"], claimed_email_domains=["c.example"]
    )
    acme = factories.organization(slug="blue", extra=with_kept({}, kept))
    known = organization_filters(organizations_with, "app_1")
    found = condition(Operand(filter_name=name, filter_value=value), known)
    assert found.test(acme)
    other = factories.organization(id="globex", name="Globex")
    assert found.test(other) == (name == "has_active_sso_connection")
    assert all(where.application_id == "app_1" for where in asked)

from __future__ import annotations

import pytest
from clerk_backend_api import models

from tests.unit.wires.clerk.values import APPLICATION, a_subject
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.people.principals import Status
from understudy.core.ports import SubjectFilter, SubjectOrder
from understudy.errors import InvalidInput
from understudy.wires.clerk.kept import Kept, with_kept
from understudy.wires.clerk.users import read_query, shape


@pytest.mark.parametrize(
    "subject",
    [
        a_subject(),
        a_subject(email=None, name=None),
        a_subject(status=Status.DISABLED, external_id="crm-7"),
        a_subject(extra=with_kept({}, Kept(phone_numbers=("+1 555 0100", "+1 555 0101")))),
    ],
)
def test_the_python_sdk_takes_every_user(subject: object) -> None:
    found = models.User.model_validate(shape(subject))  # type: ignore[arg-type]
    assert found.id == "ada"


def test_the_first_of_each_kind_is_the_primary_one() -> None:
    found = shape(a_subject(extra=with_kept({}, Kept(phone_numbers=("+1", "+2")))))
    assert found["primary_email_address_id"] == found["email_addresses"][0]["id"] == "idn_1"
    assert [phone["id"] for phone in found["phone_numbers"]] == ["idn_11", "idn_12"]
    assert found["primary_phone_number_id"] == "idn_11"
    nobody = shape(a_subject(email=None))
    assert nobody["primary_email_address_id"] is nobody["primary_phone_number_id"] is None


def test_a_disabled_subject_is_banned() -> None:
    assert shape(a_subject(status=Status.DISABLED))["banned"] is True
    assert shape(a_subject())["banned"] is False


def test_a_query_becomes_a_filter() -> None:
    pairs = [
        ("user_id", "ada"),
        ("user_id", "bob"),
        ("email_address[]", "Ada@Acme.Example"),
        ("external_id", "crm-7"),
        ("organization_id", "acme"),
        ("query", "love"),
        ("banned", "false"),
        ("order_by", "created_at"),
        ("limit", "3"),
        ("offset", "4"),
    ]
    query = read_query(pairs, APPLICATION)
    assert query.where == SubjectFilter(
        application_id="app_1",
        query="love",
        organization_id=OrganizationId("acme"),
        ids=frozenset({SubjectId("ada"), SubjectId("bob")}),
        emails=frozenset({"ada@acme.example"}),
        external_ids=frozenset({"crm-7"}),
        statuses=frozenset({Status.ACTIVE}),
    )
    assert (query.order, query.limit, query.offset) == (SubjectOrder.OLDEST_FIRST, 3, 4)
    assert read_query([], APPLICATION).order is SubjectOrder.NEWEST_FIRST


@pytest.mark.parametrize("name", ["username", "phone_number", "name_query", "colour", "provider"])
def test_a_filter_that_is_not_kept_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_query([(name, "x")], APPLICATION)
    assert refused.value.facts["field"] == name

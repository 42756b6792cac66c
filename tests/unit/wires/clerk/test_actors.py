from __future__ import annotations

from typing import Any

import pytest

from tests.unit.wires.clerk.values import CLAIMS, ISSUER, OPERATOR, a_grant
from understudy.wires.clerk.actors import NOT_GIVEN, act_of, email_of, name_of, reason_of, ticket_of


@pytest.mark.parametrize(
    ("reason", "least", "expected"),
    [
        ("long enough", 10, ("long enough", True)),
        ("  long enough  ", 10, ("long enough", True)),
        ("exactly 10", 10, ("exactly 10", True)),
        ("T-81", 10, (f"{NOT_GIVEN}: T-81", False)),
        ("", 10, (NOT_GIVEN, False)),
        ("   ", 10, (NOT_GIVEN, False)),
        (None, 10, (NOT_GIVEN, False)),
        (7, 10, (NOT_GIVEN, False)),
        ("T-81", len(NOT_GIVEN), (f"{NOT_GIVEN}: T-81", False)),
        ("T-81", len(NOT_GIVEN) + 1, ("T-81", True)),
        (None, len(NOT_GIVEN) + 1, (NOT_GIVEN, False)),
    ],
)
def test_a_reason_counts_as_given_when_it_is_one(
    reason: object, least: int, expected: tuple[str, bool]
) -> None:
    assert reason_of({"sub": "kim", "reason": reason}, least=least) == expected


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({"sub": "kim"}, None),
        ({"sub": "kim@x.example"}, "kim@x.example"),
        ({"sub": "cli:kim@x.example"}, "kim@x.example"),
        ({"sub": "kim", "email": "k@x.example"}, "k@x.example"),
        ({"sub": "kim@x.example", "email": ""}, "kim@x.example"),
        ({"sub": "kim@x.example", "email": 7}, "kim@x.example"),
    ],
)
def test_an_address_is_found_wherever_it_stands(claims: dict[str, Any], email: str | None) -> None:
    assert email_of(claims) == email


def test_name_and_ticket_are_texts_or_nothing() -> None:
    assert name_of({"name": "Kim"}) == "Kim"
    assert ticket_of({"ticket": "T-81"}) == "T-81"
    for nothing in ({}, {"name": 7, "ticket": 7}, {"name": ""}):
        assert name_of(nothing) is None
    assert ticket_of({"ticket": 7}) is None


def test_act_is_what_was_given_and_for_others_issuer_and_id() -> None:
    assert act_of(a_grant(), issuer=ISSUER) == CLAIMS
    assert act_of(a_grant(actor_as_given=None), issuer=ISSUER) == {"sub": "kim"}
    of_operator = a_grant(actor=OPERATOR, actor_as_given=None)
    assert act_of(of_operator, issuer=ISSUER) == {"iss": ISSUER, "sub": "opr_1"}

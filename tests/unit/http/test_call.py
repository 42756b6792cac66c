from __future__ import annotations

from typing import Any, cast

import pytest

from tests.fixtures.refusals import refusal_of
from tests.unit.core.factories import NOW, application, operator
from understudy.core.ids import OperatorId
from understudy.core.people.principals import OperatorSession
from understudy.errors import NotSignedIn
from understudy.http.call import Call
from understudy.http.incoming import Headers, Incoming
from understudy.http.node import Node
from understudy.http.principal import (
    ANYBODY,
    Anybody,
    ApplicationPrincipal,
    OperatorPrincipal,
    Principal,
)

SAM = OperatorPrincipal(
    operator=operator(),
    session=OperatorSession(
        id="sgn_1",
        operator_id=OperatorId("opr_1"),
        token_hash=b"h",
        created_at=NOW,
        last_seen_at=NOW,
        expires_at=NOW,
    ),
)
APPLICATION = ApplicationPrincipal(application=application())


def _call(principal: Principal) -> Call[None, None]:
    return Call(
        node=cast("Node", None),
        principal=principal,
        body=None,
        query=None,
        query_string=b"",
        path={},
        incoming=Incoming(
            request_id="r1", address="192.0.2.7", headers=Headers([(b"user-agent", b"Browser")])
        ),
    )


def test_whoever_calls_is_named_in_the_entry() -> None:
    assert _call(SAM).party == operator().party
    assert _call(APPLICATION).party == application().party


@pytest.mark.parametrize(
    ("principal", "asked"),
    [
        (ANYBODY, "operator"),
        (ANYBODY, "application"),
        (ANYBODY, "party"),
        (SAM, "application"),
        (APPLICATION, "operator"),
    ],
)
def test_nobody_is_taken_for_another_kind_of_caller(
    principal: OperatorPrincipal | ApplicationPrincipal | Anybody, asked: str
) -> None:
    call: Any = _call(principal)
    with refusal_of(NotSignedIn, "not_signed_in"):
        getattr(call, asked)


def test_an_entry_says_where_a_call_came_from() -> None:
    origin = _call(SAM).origin
    assert (origin.address, origin.user_agent) == ("192.0.2.7", "Browser")

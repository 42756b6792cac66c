from __future__ import annotations

import pytest

from tests.unit.core.factories import named_actor, operator, organization, subject
from understudy.core.notices.events import Party, PartyKind
from understudy.core.people.permissions import Permission, Role
from understudy.core.people.principals import OperatorStatus


@pytest.mark.parametrize("status", [OperatorStatus.INVITED, OperatorStatus.DISABLED])
def test_an_operator_who_is_not_active_may_do_nothing(status: OperatorStatus) -> None:
    everyone = operator(roles=frozenset(Role), status=status)
    assert not any(everyone.may(permission) for permission in Permission)


def test_parties_carry_our_reference_beside_the_names() -> None:
    assert subject().party == Party(
        kind=PartyKind.SUBJECT,
        ref="sub_1",
        id="ada",
        email="ada@acme.example",
        name="Ada Lovelace",
    )
    assert organization().party.ref == "org_1"
    assert operator().party.kind is PartyKind.OPERATOR
    assert named_actor().party.kind is PartyKind.NAMED_BY_APPLICATION


def test_the_hash_of_a_password_is_not_printed() -> None:
    assert "secret" not in repr(operator(password_hash="secret"))


@pytest.mark.parametrize(
    ("ways_in", "had"),
    [({}, False), ({"password_hash": "h"}, True), ({"staff_id": "7"}, True)],
)
def test_whoever_could_sign_in_had_the_account(ways_in: dict[str, str], had: bool) -> None:
    assert operator(**ways_in).had_an_owner is had

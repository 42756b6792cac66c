from __future__ import annotations

from typing import Any

import pytest

from tests.unit.core.factories import named_actor, operator, subject
from understudy.core.ids import SubjectId, SubjectRef
from understudy.core.people.identities import (
    Identity,
    identity_of_actor,
    identity_of_former_subject,
    identity_of_operator,
    identity_of_subject,
    name_in_app,
)
from understudy.core.people.principals import Actor

SAM = operator()
AS_SAM = Actor.from_operator(SAM)


@pytest.mark.parametrize("way", ["refs", "names", "mailboxes"])
def test_one_thing_in_common_is_enough_and_nothing_is_not(way: str) -> None:
    known: dict[str, Any] = {way: frozenset({"a", "b"})}
    also: dict[str, Any] = {way: frozenset({"b", "c"})}
    assert Identity(**known).is_same_as(Identity(**also))
    others = {"refs": frozenset("b"), "names": frozenset("c"), "mailboxes": frozenset("d")}
    del others[way]
    assert not Identity(**known).is_same_as(Identity(**others))
    assert not Identity().is_same_as(Identity())


def test_an_operator_is_known_by_account_address_and_name_in_the_app() -> None:
    account = subject(id="17", ref="sub_17", email="Samuel@home.example")
    assert identity_of_operator(operator(staff_id="17"), account) == Identity(
        refs=frozenset({SAM.id, "sub_17"}),
        names=frozenset({"17"}),
        mailboxes=frozenset({SAM.email, "samuel@home.example"}),
    )
    assert identity_of_operator(SAM, None).names == frozenset()


def test_an_operator_who_acts_is_known_as_granted_and_as_they_are_by_now() -> None:
    married = operator(email="sam@married.example", staff_id="17")
    known = identity_of_actor(AS_SAM, married, None)
    assert known.mailboxes == {SAM.email, "sam@married.example"}
    assert known.names == {"17"}
    assert identity_of_actor(AS_SAM, None, None) == Identity(
        refs=frozenset({SAM.id}), mailboxes=frozenset({SAM.email})
    )


def test_an_operators_id_is_no_name_in_the_app() -> None:
    assert not identity_of_actor(AS_SAM, SAM, None).is_same_as(
        identity_of_subject(subject(id=SAM.id, email=None))
    )


def test_whoever_an_application_names_is_known_by_id_address_and_account() -> None:
    account = subject(id="staff-7", ref="sub_7", email="kit@support.example")
    known = identity_of_actor(named_actor(id="staff-7\u200b"), None, account)
    assert known == Identity(
        refs=frozenset({"act_1", "sub_7"}),
        names=frozenset({"staff-7"}),
        mailboxes=frozenset({"kim@app.example", "kit@support.example"}),
    )


def test_a_user_who_is_gone_is_known_by_what_is_left() -> None:
    gone = identity_of_former_subject(SubjectRef("sub_1"), SubjectId("Ada@acme.example"))
    assert gone.is_same_as(identity_of_subject(subject(id="other", ref="sub_2")))
    assert gone.refs == {"sub_1"}
    assert gone.names == {"Ada@acme.example"}


def test_how_the_app_calls_whoever_acts() -> None:
    assert name_in_app(named_actor(), None) == "staff-7"
    assert name_in_app(AS_SAM, operator(staff_id="17")) == "17"
    assert name_in_app(AS_SAM, SAM) is None
    assert name_in_app(AS_SAM, None) is None

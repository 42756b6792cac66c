from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from tests.unit.flows.people.test_staff import KIM, _holder, _let_in, _signed_in
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Actor, Operator
from understudy.errors import Conflict, NotFound
from understudy.flows.people.free_address import free_address
from understudy.flows.people.sign_in import SignedIn
from understudy.flows.people.staff import Unwelcome

SUCCESSOR = replace(KIM, id="29", name="Kim the younger")


def _free(world: World, email: str) -> list[Operator]:
    return world.run(lambda unit: free_address(unit, email, by=SYSTEM, origin=HERE))


def test_somebody_else_of_the_staff_comes_with_the_address(installation: World) -> None:
    before = _signed_in(installation)
    assert _let_in(installation, SUCCESSOR) is Unwelcome.EMAIL_TAKEN
    (freed,) = _free(installation, " KIM@support.example ")
    assert freed == replace(before.operator, email=freed.email, updated_at=freed.updated_at)
    assert freed.email.endswith("@freed.invalid")
    begun = _signed_in(installation, SUCCESSOR)
    assert begun.operator.id != before.operator.id
    assert begun.operator.email == before.operator.email


def test_the_log_tells_whose_it_was(installation: World) -> None:
    before = _signed_in(installation)
    _free(installation, KIM.email)
    entry = installation.entries(EventType.OPERATOR_UPDATED)[0]
    core, personal = entry.core or {}, entry.personal or {}
    assert core["subject_ref"] == before.operator.party.ref
    assert personal["subject_email"] == before.operator.email
    assert core["details"] == {
        "roles": "support_manager",
        "status": "active",
        "address_freed": True,
    }


def test_all_that_they_began_ends(installation: World) -> None:
    begun = _signed_in(installation)
    opened = installation.session(actor=Actor.from_operator(begun.operator))
    _free(installation, KIM.email)
    assert _holder(installation, begun) is None
    assert installation.stored(opened).ended_at is not None


def test_they_come_in_again_with_another_address(installation: World) -> None:
    begun = _signed_in(installation)
    _free(installation, KIM.email)
    again = _let_in(installation, replace(KIM, email="old.kim@support.example"))
    assert isinstance(again, SignedIn)
    assert again.operator.id == begun.operator.id


@pytest.mark.parametrize(
    ("email", "refusal"), [("nobody@support.example", NotFound), ("sam@support.example", Conflict)]
)
def test_what_nobody_has_and_what_somebody_signs_in_by_is_not_freed(
    installation: World, email: str, refusal: type[NotFound | Conflict]
) -> None:
    before = len(installation.entries())
    with refusal_of(refusal, refusal.code):
        _free(installation, email)
    assert len(installation.entries()) == before

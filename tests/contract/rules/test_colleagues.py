"""Nobody works in the account of a colleague where that is refused, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.rules.world import HERE, World, named
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.people.principals import OperatorStatus
from understudy.core.people.staff import StaffAccount
from understudy.core.rules.insider import SUBJECT_IS_COLLEAGUE
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.request import Granted
from understudy.flows.people import staff, team


def _invite(installation: World, email: str) -> None:
    installation.run(
        lambda unit: team.invite(
            unit, email=email, name="New", roles=[Role.AUDITOR], by=SYSTEM, origin=HERE
        )
    )


COLLEAGUES = InsiderLimits(refuse_colleagues=True)


@pytest.mark.parametrize(
    "facts",
    [
        {"id": "mara", "email": "Mara@Support.example."},
        {"id": "mara@support.example"},
    ],
    ids=["address", "id"],
)
def test_nobody_works_in_the_account_of_a_colleague_where_that_is_refused(
    installation: World, facts: dict[str, str]
) -> None:
    installation.save_subject(**facts)
    running = installation.session(facts["id"])
    token = installation.token(installation.granted(facts["id"]))
    installation.set_up_application(insiders=COLLEAGUES)
    assert installation.stored(running).end_cause is EndCause.SUBJECT_PROTECTED
    assert installation.ask(facts["id"]) == Denied(rule=SUBJECT_IS_COLLEAGUE)
    assert installation.ask(facts["id"], actor=named()) == Denied(rule=SUBJECT_IS_COLLEAGUE)
    assert installation.exchange(token) == TokenRefused(why=SUBJECT_IS_COLLEAGUE.code)
    assert isinstance(installation.ask("ada"), Granted)


def test_whoever_becomes_a_colleague_has_nobody_in_their_account(installation: World) -> None:
    installation.set_up_application(insiders=COLLEAGUES)
    opened, other = installation.session("ada"), installation.session("bob")
    _invite(installation, "ada@acme.example")
    assert installation.stored(opened).end_cause is EndCause.SUBJECT_PROTECTED
    assert installation.stored(other).end_cause is None


def test_staff_whom_the_app_signs_in_are_colleagues_from_then_on(installation: World) -> None:
    installation.set_up_application(insiders=COLLEAGUES)
    opened, other = installation.session("ada"), installation.session("bob")
    account = StaffAccount(
        id="17", email="ada@acme.example", name="Ada", roles=frozenset({Role.AUDITOR})
    )
    installation.run(lambda unit: staff.let_in(unit, account, before=None, origin=HERE))
    assert installation.stored(opened).end_cause is EndCause.SUBJECT_PROTECTED
    moved = replace(account, email="bob@acme.example")
    installation.run(lambda unit: staff.let_in(unit, moved, before=None, origin=HERE))
    assert installation.stored(other).end_cause is EndCause.SUBJECT_PROTECTED


def test_a_user_whose_address_becomes_a_colleagues_has_nobody_in_their_account(
    installation: World,
) -> None:
    installation.set_up_application(insiders=COLLEAGUES)
    opened = installation.session("bob")
    installation.save_subject(id="bob", email="mara@support.example")
    assert installation.stored(opened).end_cause is EndCause.SUBJECT_PROTECTED


def test_a_colleague_who_was_disabled_stays_one(installation: World) -> None:
    installation.set_up_application(insiders=COLLEAGUES)
    _invite(installation, "ada@acme.example")
    with installation.engine.reading() as reader:
        ada = reader.operators.by_email("ada@acme.example")
    assert ada is not None
    off = team.OperatorChange(status=OperatorStatus.DISABLED)
    installation.run(lambda unit: team.update(unit, ada.id, off, by=SYSTEM, origin=HERE))
    assert installation.ask("ada") == Denied(rule=SUBJECT_IS_COLLEAGUE)


def test_where_nobody_decided_otherwise_a_colleague_is_a_user_like_others(
    installation: World,
) -> None:
    opened = installation.session("ada")
    _invite(installation, "ada@acme.example")
    assert isinstance(installation.refresh(opened), OpenSession)

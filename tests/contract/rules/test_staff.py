"""Staff whom an embedding app signs in, on both databases; the log tells of every row of theirs."""

from __future__ import annotations

from dataclasses import replace

from tests.contract.rules.world import HERE, World
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.people.principals import OperatorStatus
from understudy.core.people.staff import StaffAccount
from understudy.flows.people import staff, team
from understudy.flows.people.sign_in import SignedIn
from understudy.flows.people.staff import Unwelcome

KIM = StaffAccount(
    id="17", email="kim@support.example", name="Kim", roles=frozenset({Role.SUPPORT_MANAGER})
)


def _let_in(world: World, account: StaffAccount) -> SignedIn | Unwelcome:
    return world.run(lambda unit: staff.let_in(unit, account, before=None, origin=HERE))


def test_staff_come_confirm_change_and_go(installation: World) -> None:
    begun = _let_in(installation, KIM)
    assert isinstance(begun, SignedIn)
    operator, session = begun.operator, begun.session
    installation.run(lambda unit: staff.confirmed(unit, operator, session, origin=HERE))
    demoted = replace(KIM, roles=frozenset({Role.AUDITOR}))
    installation.run(lambda unit: staff.let_go(unit, session, demoted, origin=HERE))
    again = _let_in(installation, demoted)
    assert isinstance(again, SignedIn)
    assert again.operator.id == operator.id
    off = team.OperatorChange(status=OperatorStatus.DISABLED)
    installation.run(lambda unit: team.update(unit, operator.id, off, by=SYSTEM, origin=HERE))
    assert _let_in(installation, demoted) is Unwelcome.DISABLED
    lee = replace(KIM, id="18")
    assert _let_in(installation, lee) is Unwelcome.EMAIL_TAKEN

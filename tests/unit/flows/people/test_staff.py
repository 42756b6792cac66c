from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, Operator, OperatorSession, OperatorStatus
from understudy.core.people.staff import StaffAccount
from understudy.errors import Conflict, ManagedByApp
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.open_session import Fallen
from understudy.flows.people import staff, team
from understudy.flows.people.lock import FREE_FAILURES
from understudy.flows.people.sign_in import SignedIn, identify
from understudy.flows.people.staff import Unwelcome

KIM = StaffAccount(
    id="17", email="Kim@Support.example", name="Kim", roles=frozenset({Role.SUPPORT_MANAGER})
)
DEMOTED = replace(KIM, roles=frozenset({Role.AUDITOR}))


def _let_in(
    world: World, account: StaffAccount = KIM, before: OperatorSession | None = None
) -> SignedIn | Unwelcome:
    return world.run(lambda unit: staff.let_in(unit, account, before=before, origin=HERE))


def _signed_in(world: World, account: StaffAccount = KIM) -> SignedIn:
    begun = _let_in(world, account)
    assert isinstance(begun, SignedIn), begun
    return begun


def _let_go(world: World, begun: SignedIn, account: StaffAccount | None = None) -> None:
    world.run(lambda unit: staff.let_go(unit, begun.session, account, origin=HERE))


def _holder(world: World, begun: SignedIn) -> tuple[Operator, OperatorSession] | None:
    with world.engine.reading() as reader:
        return identify(reader, begun.token, world.clock())


def _types(world: World) -> list[str]:
    return [entry.type for entry in reversed(world.entries())]


def _change(world: World, begun: SignedIn, **changes: object) -> Operator:
    change = team.OperatorChange(**changes)  # type: ignore[arg-type]
    operator_id = begun.operator.id
    return world.run(lambda unit: team.update(unit, operator_id, change, by=SYSTEM, origin=HERE))


def test_whoever_comes_first_gets_an_operator_and_the_log_tells_of_both(
    installation: World,
) -> None:
    before = len(_types(installation))
    begun = _signed_in(installation)
    assert begun.operator == replace(
        begun.operator,
        email="kim@support.example",
        name="Kim",
        roles=KIM.roles,
        status=OperatorStatus.ACTIVE,
        staff_id="17",
        password_hash=None,
    )
    assert _types(installation)[before:] == ["operator.joined", "operator.signed_in"]
    signed_in = installation.entries(EventType.OPERATOR_SIGNED_IN)[0].core or {}
    assert signed_in["details"] == {"by_app": True, "sign_in": begun.session.id}
    assert _holder(installation, begun) == (begun.operator, begun.session)


def test_whoever_comes_again_is_the_same_operator(installation: World) -> None:
    first = _signed_in(installation)
    before = len(_types(installation))
    second = _signed_in(installation)
    assert second.operator == first.operator
    assert _types(installation)[before:] == ["operator.signed_in"]
    assert _holder(installation, first) is not None


def test_what_the_app_says_anew_is_taken_over_and_told(installation: World) -> None:
    _signed_in(installation)
    before = len(_types(installation))
    moved = replace(DEMOTED, email="kim@new.example", name="Kim Lee")
    operator = _signed_in(installation, moved).operator
    assert (operator.email, operator.name, operator.roles) == (
        "kim@new.example",
        "Kim Lee",
        DEMOTED.roles,
    )
    assert _types(installation)[before:] == ["operator.updated", "operator.signed_in"]
    told = installation.entries(EventType.OPERATOR_UPDATED)[0].core or {}
    assert told["details"] == {"by_app": True, "roles": "auditor", "status": "active"}


def test_somebody_who_was_disabled_stays_so(installation: World) -> None:
    begun = _signed_in(installation)
    _change(installation, begun, status=OperatorStatus.DISABLED)
    before = len(_types(installation))
    assert _let_in(installation) is Unwelcome.DISABLED
    assert _let_in(installation, DEMOTED) is Unwelcome.DISABLED
    assert len(_types(installation)) == before
    assert _change(installation, begun, status=OperatorStatus.ACTIVE).active
    assert isinstance(_let_in(installation), SignedIn)


@pytest.mark.parametrize("email", ["sam@support.example", " SAM@Support.Example "])
def test_the_address_of_an_operator_here_is_not_taken_over(installation: World, email: str) -> None:
    assert _let_in(installation, replace(KIM, email=email)) is Unwelcome.EMAIL_TAKEN
    _signed_in(installation)
    assert _let_in(installation, replace(KIM, email=email)) is Unwelcome.EMAIL_TAKEN


def test_two_of_the_staff_do_not_share_an_address(installation: World) -> None:
    _signed_in(installation)
    assert _let_in(installation, replace(KIM, id="18")) is Unwelcome.EMAIL_TAKEN


@pytest.mark.parametrize(
    "unreadable",
    [{"email": "no address"}, {"email": ""}, {"name": "K\x00m"}, {"id": "1\u202e7"}],
)
def test_what_is_no_text_or_address_lets_nobody_in(
    installation: World, unreadable: dict[str, str]
) -> None:
    said = replace(KIM, **unreadable)  # type: ignore[arg-type]
    assert _let_in(installation, said) is Unwelcome.UNREADABLE


def test_nobody_gets_in_without_a_role_and_their_last_ones_are_gone(installation: World) -> None:
    nobody = replace(KIM, roles=frozenset())
    assert _let_in(installation, nobody) is Unwelcome.WITHOUT_ROLE
    with installation.engine.reading() as reader:
        assert reader.operators.by_staff_id("17") is None
    begun = _signed_in(installation)
    opened = installation.session(actor=Actor.from_operator(begun.operator))
    assert _let_in(installation, nobody) is Unwelcome.WITHOUT_ROLE
    assert installation.stored(opened).ended_at is not None


def test_somebody_else_in_the_same_browser_ends_the_sign_in_before(installation: World) -> None:
    first = _signed_in(installation)
    lee = replace(KIM, id="18", email="lee@support.example", name="Lee")
    begun = _let_in(installation, lee, before=first.session)
    assert isinstance(begun, SignedIn)
    assert _holder(installation, first) is None
    ended = installation.entries(EventType.OPERATOR_SIGNED_OUT)[0].core or {}
    assert ended["actor_ref"] == first.operator.id
    assert ended["details"] == {"by_app": True, "sign_in": first.session.id}


def test_also_whoever_is_not_let_in_has_left_the_sign_in_before(installation: World) -> None:
    first = _signed_in(installation)
    taken = replace(KIM, id="18", email="sam@support.example")
    assert _let_in(installation, taken, before=first.session) is Unwelcome.EMAIL_TAKEN
    assert _holder(installation, first) is None


def test_a_sign_in_is_let_go_of_once(installation: World) -> None:
    begun = _signed_in(installation)
    for _ in range(2):
        _let_go(installation, begun)
    assert _holder(installation, begun) is None
    assert len(installation.entries(EventType.OPERATOR_SIGNED_OUT)) == 1
    assert installation.entries(EventType.OPERATOR_UPDATED) == []


def test_whoever_may_do_less_by_now_works_as_nobody_any_more(installation: World) -> None:
    begun = _signed_in(installation)
    opened = installation.session(actor=Actor.from_operator(begun.operator))
    _let_go(installation, begun, DEMOTED)
    assert installation.stored(opened).ended_at is not None
    told = installation.entries(EventType.OPERATOR_UPDATED)[0].core or {}
    assert told["details"] == {"by_app": True, "roles": "auditor", "status": "active"}


def test_somebody_else_does_not_change_whose_sign_in_ends(installation: World) -> None:
    begun = _signed_in(installation)
    _let_go(installation, begun, replace(DEMOTED, id="18"))
    assert installation.entries(EventType.OPERATOR_UPDATED) == []


def test_a_password_of_the_app_is_noted_with_the_sign_in(installation: World) -> None:
    begun = _signed_in(installation)
    operator, session = begun.operator, begun.session
    confirmed = installation.run(lambda unit: staff.confirmed(unit, operator, session, origin=HERE))
    assert confirmed == replace(session, confirmed_at=installation.clock.now)
    assert _holder(installation, begun) == (operator, confirmed)
    assert len(installation.entries(EventType.OPERATOR_CONFIRMED)) == 1


def test_wrong_passwords_lock_the_person_whatever_their_sign_in(installation: World) -> None:
    begun = _signed_in(installation)
    for _ in range(FREE_FAILURES):
        installation.run(lambda unit: staff.confirming_failed(unit, begun.operator, origin=HERE))
    again = _signed_in(installation)

    def confirm() -> OperatorSession | None:
        return installation.run(
            lambda unit: staff.confirmed(unit, again.operator, again.session, origin=HERE)
        )

    assert confirm() is None
    assert len(installation.entries(EventType.OPERATOR_SIGN_IN_FAILED)) == FREE_FAILURES
    installation.clock.forward(minutes=1)
    assert confirm() is not None


def test_an_admin_here_changes_neither_name_nor_roles_of_staff(installation: World) -> None:
    begun = _signed_in(installation)
    for change in ({"name": "Kimberly"}, {"roles": frozenset({Role.ADMIN})}):
        with refusal_of(ManagedByApp, "managed_by_app"):
            _change(installation, begun, **change)


def test_the_last_admin_of_the_app_can_be_demoted_there_but_not_disabled_here(
    installation: World,
) -> None:
    boss = replace(KIM, roles=frozenset({Role.ADMIN}))
    begun = _signed_in(installation, boss)
    with installation.engine.reading() as reader:
        others = [one for one in reader.operators.list() if one.id != begun.operator.id]
    off = team.OperatorChange(status=OperatorStatus.DISABLED)
    for other in others:
        disable = partial(team.update, operator_id=other.id, change=off, by=SYSTEM, origin=HERE)
        installation.run(disable)
    with refusal_of(Conflict, "conflict"):
        _change(installation, begun, status=OperatorStatus.DISABLED)
    assert _signed_in(installation, KIM).operator.roles == KIM.roles


def test_whoever_uses_a_link_has_an_account_of_this_installation_from_then_on(
    installation: World,
) -> None:
    begun = _signed_in(installation)
    link = installation.run(
        lambda unit: team.reinvite(unit, begun.operator.id, by=SYSTEM, origin=HERE)
    )
    joined = installation.run(
        lambda unit: team.join(unit, link.token, name="Kim", password_hash="hash", origin=HERE)
    )
    assert joined.staff_id is None
    assert _let_in(installation) is Unwelcome.EMAIL_TAKEN


def test_the_app_may_name_its_own_staff_but_not_somebody_who_was_disabled(
    installation: World,
) -> None:
    begun = _signed_in(installation)
    actor = replace(installation.vouched_for("17"), email="kim@support.example")
    assert not isinstance(installation.ask(actor=actor), Denied)
    opened = installation.session("bob", actor=actor)
    _change(installation, begun, status=OperatorStatus.DISABLED)
    denied = installation.ask(actor=actor)
    assert isinstance(denied, Denied)
    assert denied.rule.code == "actor_email_is_operators"
    assert isinstance(installation.refresh(opened), Fallen)

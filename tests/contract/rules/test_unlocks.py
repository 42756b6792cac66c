"""One blocked change, asked for by an actor and allowed once by somebody else; both databases."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.rules.world import HERE, World
from tests.integration.proof.place import connect
from understudy.core.governance.unlocks import MOST_WAITING, Unlock, UnlockStatus, Write
from understudy.core.impersonation.restrictions import Scope
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.core.ports import Unit
from understudy.core.rules.rule import Rule
from understudy.core.rules.unlock import (
    DECIDER_IS_ACTOR,
    DECIDER_IS_SUBJECT,
    TOO_MANY_UNLOCKS,
    UNLOCK_CLOSED,
    UNLOCK_NOT_NEEDED,
    UNLOCKS_OFF,
)
from understudy.errors import InvalidInput, NotFound, PermissionMissing, SessionOver
from understudy.flows.governance.ask_unlock import ask_unlock
from understudy.flows.governance.bound_write import opened as shown_of
from understudy.flows.governance.decide_unlock import decide_unlock
from understudy.flows.governance.spend_unlock import Unspent, spend_unlock
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.people import team

PLAN = Write(
    method="POST",
    host="app.example",
    path="/billing/7/plan",
    media_type="application/json",
    query=(("next", "/"),),
    fields=(("plan", '"pro"'), ("seats", "5")),
)
REASON = "The customer asked for the bigger plan on the phone"


class Support:
    """A read-only session, and somebody who decides about its changes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.application = world.set_up_application(unlocks=True, idle_minutes=60)
        self.session = world.session(scope=Scope.READ_ONLY)
        self.pat = self.operator("pat@support.example", Role.APPROVER)

    def operator(self, email: str, role: Role) -> Operator:
        invited = self.world.run(
            lambda unit: team.invite(
                unit, email=email, name="Pat", roles=[role], by=SYSTEM, origin=HERE
            )
        )
        return self.world.run(
            lambda unit: team.join(unit, invited.token, name="Pat", password_hash="x", origin=HERE)
        )

    def ask(
        self, write: Write = PLAN, *, session: OpenSession | None = None, reason: str = REASON
    ) -> Unlock | Denied:
        of = (session or self.session).session.id
        return self.world.run(
            lambda unit: ask_unlock(unit, self.application, of, write, reason=reason, origin=HERE)
        )

    def asked(self, write: Write = PLAN) -> Unlock:
        found = self.ask(write)
        assert isinstance(found, Unlock), found
        return found

    def decide(
        self, unlock: Unlock, *, allowed: bool = True, by: Operator | None = None
    ) -> Unlock | Denied:
        who = by or self.pat
        return self.world.run(
            lambda unit: decide_unlock(unit, unlock.id, allowed=allowed, by=who, origin=HERE)
        )

    def spend(self, write: Write = PLAN, *, session: OpenSession | None = None) -> Unlock | Unspent:
        of = (session or self.session).session.id
        return self.world.run(
            lambda unit: spend_unlock(unit, self.application, of, write, origin=HERE)
        )


@pytest.fixture
def support(installation: World) -> Support:
    return Support(installation)


def refused_by(answer: object) -> Rule:
    assert isinstance(answer, Denied), answer
    return answer.rule


def test_what_was_allowed_is_let_through_once_and_told(support: Support) -> None:
    asked = support.asked()
    assert not support.spend()
    support.decide(asked)
    spent = support.spend()
    assert isinstance(spent, Unlock)
    assert spent.status is UnlockStatus.SPENT
    assert not support.spend()
    kinds = (
        EventType.UNLOCK_ASKED,
        EventType.UNLOCK_ALLOWED,
        EventType.UNLOCK_SPENT,
    )
    entries = sorted(support.world.entries(*kinds), key=lambda entry: entry.index)
    assert [entry.type for entry in entries] == list(kinds)
    for entry in entries:
        assert entry.personal is not None
        assert entry.core is not None
        assert (entry.core["method"], entry.personal["path"]) == ("POST", "/billing/7/plan")
        assert entry.personal["reason"] == REASON
        assert "pro" not in str(entry.core) + str(entry.personal)
    assert entries[1].core is not None
    assert entries[1].core["doer_ref"] == support.pat.id


OTHERS: tuple[dict[str, object], ...] = (
    {"method": "PUT"},
    {"host": "other.example"},
    {"path": "/billing/8/plan"},
    {"media_type": "application/x-www-form-urlencoded"},
    {"query": ()},
    {"fields": (("plan", '"max"'), ("seats", "5"))},
    {"fields": (("plan", '"pro"'),)},
    {"fields": (*PLAN.fields, ("admin", "true"))},
)


def test_another_request_spends_nothing(support: Support) -> None:
    support.decide(support.asked())
    for change in OTHERS:
        assert not support.spend(replace(PLAN, **change)), change  # type: ignore[arg-type]
    assert support.spend()


def test_what_differs_is_named_and_not_told(support: Support) -> None:
    support.decide(support.asked())
    found = support.spend(replace(PLAN, fields=(("plan", '"max"'), ("seats", "5"))))
    assert found == Unspent(differs=("plan",))


def test_another_session_of_the_same_people_spends_nothing(support: Support) -> None:
    support.decide(support.asked())
    other = support.world.session(scope=Scope.READ_ONLY)
    assert not support.spend(session=other)


def test_values_are_forgotten_with_the_decision(support: Support) -> None:
    asked = support.asked()
    vault = support.world.engine.vault
    assert shown_of(vault, asked) == PLAN
    for one in (support.decide(asked), support.spend()):
        assert isinstance(one, Unlock)
        assert one.shown is None
        assert shown_of(vault, one) is None


def test_what_was_refused_lets_nothing_through(support: Support) -> None:
    asked = support.asked()
    refused = support.decide(asked, allowed=False)
    assert isinstance(refused, Unlock)
    assert not support.spend()
    assert refused_by(support.decide(asked)) is UNLOCK_CLOSED
    assert len(support.world.entries(EventType.UNLOCK_REFUSED)) == 1


def test_nobody_decides_about_what_they_ask_for_or_about_themselves(support: Support) -> None:
    asked = support.asked()
    sam = support.world.sam
    assert refused_by(support.decide(asked, by=sam)) is DECIDER_IS_ACTOR
    # Also once they are known by another address.
    moved = replace(sam, email="sam@elsewhere.example")
    assert refused_by(support.decide(asked, by=moved)) is DECIDER_IS_ACTOR
    ada = support.operator("ADA@acme.example", Role.APPROVER)
    assert refused_by(support.decide(asked, by=ada)) is DECIDER_IS_SUBJECT


def _frozen(support: Support) -> Operator:
    def freeze(unit: Unit) -> Operator:
        frozen = replace(support.pat, frozen_at=unit.now)
        unit.operators.save(frozen)
        return frozen

    return support.world.run(freeze)


def test_what_was_allowed_stands_no_longer_than_who_allowed_it(support: Support) -> None:
    support.decide(support.asked())
    change = team.OperatorChange(roles=frozenset({Role.AUDITOR}))
    support.world.run(
        lambda unit: team.update(unit, support.pat.id, change, by=SYSTEM, origin=HERE)
    )
    assert not support.spend()


def test_who_is_frozen_decides_nothing_and_what_they_allowed_is_void(support: Support) -> None:
    support.decide(support.asked())
    frozen = _frozen(support)
    assert not support.spend()
    other = support.asked(replace(PLAN, path="/billing/8/plan"))
    with pytest.raises(PermissionMissing):
        support.decide(other, by=frozen)


def test_a_subject_who_is_gone_is_known_by_id(support: Support) -> None:
    world = support.world
    world.save_subject(id="pat@support.example", email=None, organization_id="acme")
    session = world.session("pat@support.example", scope=Scope.READ_ONLY)
    asked = support.ask(session=session)
    assert isinstance(asked, Unlock)
    assert refused_by(support.decide(asked)) is DECIDER_IS_SUBJECT


def test_what_waited_or_lay_there_for_too_long_is_no_good(support: Support) -> None:
    clock = support.world.clock
    late = support.asked()
    clock.forward(minutes=9, seconds=59)
    unused = support.asked(replace(PLAN, path="/billing/9/plan"))
    support.decide(unused)
    clock.forward(seconds=1)
    assert refused_by(support.decide(late)) is UNLOCK_CLOSED
    clock.forward(minutes=9, seconds=59)
    assert not support.spend(replace(PLAN, path="/billing/9/plan"))


def test_nothing_is_allowed_or_spent_once_the_session_is_over(support: Support) -> None:
    asked, another = support.asked(), support.asked(replace(PLAN, path="/other"))
    support.decide(asked)
    support.world.end(support.session)
    assert refused_by(support.decide(another)) is UNLOCK_CLOSED
    with pytest.raises(SessionOver):
        support.spend()
    with pytest.raises(SessionOver):
        support.ask()


def test_the_same_asked_again_is_the_same(support: Support) -> None:
    asked = support.asked()
    assert support.asked() == asked
    decided = support.decide(asked)
    assert support.ask() == decided
    support.spend()
    again = support.asked()
    assert again.id != asked.id
    assert again.status is UnlockStatus.ASKED


def test_no_more_wait_than_somebody_can_look_at(support: Support) -> None:
    for number in range(MOST_WAITING):
        support.asked(replace(PLAN, path=f"/{number}"))
    assert refused_by(support.ask()) is TOO_MANY_UNLOCKS


def test_it_is_off_unless_an_admin_turned_it_on(installation: World) -> None:
    support = Support(installation)
    support.decide(support.asked())
    support.application = installation.set_up_application(unlocks=False)
    assert refused_by(support.ask()) is UNLOCKS_OFF
    assert not support.spend()


def test_a_session_that_may_change_things_asks_for_nothing(support: Support) -> None:
    full = support.world.session(scope=Scope.FULL)
    assert refused_by(support.ask(session=full)) is UNLOCK_NOT_NEEDED


def test_another_application_asks_and_spends_nothing(support: Support) -> None:
    support.decide(support.asked())
    support.application = support.world.other_application
    for reach in (support.ask, support.spend):
        with pytest.raises(NotFound):
            reach()


def test_a_reason_is_a_reason(support: Support) -> None:
    for reason in ("", " too short ", "x" * 1_001, "a reason\x1b[31m in red"):
        with pytest.raises(InvalidInput):
            support.ask(reason=reason)


def test_it_is_forgotten_when_nobody_can_use_it_any_more(support: Support) -> None:
    asked = support.asked()
    world = support.world
    assert world.run(lambda unit: unit.unlocks.forget(unit.now)) == 0
    world.clock.forward(minutes=10)
    assert world.run(lambda unit: unit.unlocks.forget(unit.now)) == 1
    with pytest.raises(NotFound):
        support.decide(asked)


@pytest.mark.usefixtures("forging")
@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE unlocks SET status = 'allowed'",
        "UPDATE unlocks SET status = 'allowed', decided_by = 'opr_x', decided_at = asked_at",
    ],
)
def test_whoever_writes_the_database_allows_nothing(
    support: Support, database_url: str, edit: str
) -> None:
    support.asked()
    with closing(connect(database_url)) as sql:
        assert sql.change(edit)
    assert not support.spend()


def test_those_that_wait_are_listed_oldest_first(support: Support) -> None:
    first = support.asked()
    support.world.clock.forward(seconds=1)
    second = support.asked(replace(PLAN, path="/other"))
    with support.world.engine.reading() as reader:
        now = support.world.clock()
        waiting = [one.id for one in reader.unlocks.waiting(now)]
        assert waiting == [first.id, second.id]
        others = support.world.other_application.id
        assert not reader.unlocks.waiting(now, application_id=others)
        assert not reader.unlocks.waiting(now + timedelta(minutes=10))


LETS = '@id("plans") @unlocks("POST /billing/{id}/plan") permit (principal, action, resource);'
ALL = "permit (principal, action, resource);"


def test_policies_that_name_the_change_allow_it_at_once_and_the_log_says_which(
    installation: World,
) -> None:
    support = Support(installation)
    installation.set_policies(LETS)
    asked = support.asked()
    assert (asked.status, asked.decided_by, asked.shown) == (UnlockStatus.ALLOWED, None, None)
    (entry,) = installation.entries(EventType.UNLOCK_ALLOWED)
    assert entry.core is not None
    details = entry.core["details"]
    assert isinstance(details, dict)
    assert details["policies"] == "plans"
    assert not support.spend(replace(PLAN, fields=(("plan", '"max"'),)))
    assert isinstance(support.spend(), Unlock)
    assert not support.spend()


def test_nothing_is_allowed_by_default_nor_where_one_that_permits_leaves_it_to_people(
    installation: World,
) -> None:
    support = Support(installation)
    for text in (ALL, LETS + ALL, LETS.replace("POST", "PUT"), LETS.replace("/plan", "/seats")):
        installation.set_policies(text)
        assert support.asked().status is UnlockStatus.ASKED, text
    assert not support.spend()


def test_what_policies_have_allowed_ends_with_them(installation: World) -> None:
    support = Support(installation)
    installation.set_policies(LETS)
    assert support.asked().status is UnlockStatus.ALLOWED
    installation.set_policies(ALL)
    assert not support.spend()


def test_what_somebody_has_allowed_needs_no_policy(installation: World) -> None:
    support = Support(installation)
    installation.set_policies(ALL)
    support.decide(support.asked())
    assert support.spend()


BY_DAY = ALL + (
    'forbid (principal, action, resource) when { context.now.toTime() > duration("10h") };'
)
READING_LATE = ALL + (
    '@scope("read_only") permit (principal, action, resource)'
    ' when { context.now.toTime() > duration("10h") };'
)


def test_nothing_is_asked_or_made_at_an_hour_at_which_policies_forbid_the_session(
    installation: World,
) -> None:
    installation.clock.forward(minutes=55)
    support = Support(installation)
    installation.set_policies(BY_DAY)
    support.decide(support.asked())
    # No sweep has come yet, and nobody else has looked at the session.
    installation.clock.forward(minutes=6)
    for reach in (support.spend, support.ask):
        with pytest.raises(SessionOver) as refused:
            reach()
        assert refused.value.facts == {"rule": "policy_forbids"}


def test_a_session_that_only_reads_at_this_hour_asks_like_any_other(installation: World) -> None:
    installation.clock.forward(minutes=55)
    support = Support(installation)
    full = installation.session(scope=Scope.FULL)
    installation.set_policies(READING_LATE)
    assert refused_by(support.ask(session=full)) is UNLOCK_NOT_NEEDED
    installation.clock.forward(minutes=6)
    asked = support.ask(session=full)
    assert isinstance(asked, Unlock)
    support.decide(asked)
    assert support.spend(session=full)

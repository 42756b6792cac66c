"""Whatever is done in whatever order, nothing opens with fewer than have to agree at that moment.

What is expected is worked out here from what people said and from who they are, by none of the
functions that the product decides by.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.contract.rules.approving import Room
from tests.contract.rules.world import HERE, joined, world
from understudy.core.impersonation.grants import GRANT_LIFE, Grant
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, Operator, OperatorStatus
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.open_session import OpenSession

APPROVERS = ("kit", "lou", "max")
ROLES = {"agree": Role.APPROVER, "other": Role.SUPPORT_MANAGER, "none": Role.AUDITOR}
SUBJECTS = ("ada", "bob", "lou-too")


@dataclass
class Asked:
    """What is known here of a grant. ``not_by`` are whose own it is, and whom it is about."""

    grant: Grant
    quorum: int
    until: datetime
    not_by: set[str]
    yes: set[str] = field(default_factory=set)
    minutes: int = 30
    read_only: bool = False
    over: bool = False
    ready: bool = False
    used: bool = False
    session: OpenSession | None = None


class Approving(RuleBasedStateMachine):
    """People who ask, agree, refuse, withdraw, come and go; and settings that change."""

    asked = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.world = self.stack.enter_context(world(f"sqlite:///{folder / 'any.db'}", folder))
        self.room = Room(self.world)
        joined(self.world.engine, "max@support.example", Role.APPROVER)
        self.role = {"kit": "agree", "lou": "other", "max": "agree"}
        self.active = dict.fromkeys(APPROVERS, True)
        self.may_be_other = True
        self.quorum = 1
        self.all: list[Asked] = []

    def teardown(self) -> None:
        self.stack.close()

    @initialize()
    def accounts(self) -> None:
        """Kit has an account in the app by which it may name Kit; Lou is a user as well."""
        self.world.save_subject(id="staff-9", email="KIT@support.example")
        self.world.save_subject(id="lou-too", email="lou@support.example")

    def who(self, name: str) -> Operator:
        with self.world.engine.reading() as reader:
            found = reader.operators.by_email(f"{name}@support.example")
        assert found is not None
        return found

    def may(self, name: str) -> bool:
        """Whether somebody is among those who may agree by now."""
        role = self.role[name]
        return self.active[name] and (role == "agree" or (role == "other" and self.may_be_other))

    def agreeing(self, one: Asked) -> int:
        return sum(self.may(name) and name not in one.not_by for name in one.yes)

    def can_be_answered(self, one: Asked) -> bool:
        waits = not one.over and not one.ready
        return waits and self.world.clock.now < one.until

    @rule(target=asked, subject=st.sampled_from(SUBJECTS), named=st.booleans())
    def ask(self, subject: str, named: bool) -> object:
        actor = Actor.from_operator(self.world.sam)
        if named:
            actor = replace(self.world.vouched_for("staff-9"), name=None)
        grant = self.world.granted(subject, actor=actor, minutes=30)
        if any(one.grant.id == grant.id for one in self.all):
            return multiple()
        not_by = ({"kit"} if named else set()) | ({"lou"} if subject == "lou-too" else set())
        one = Asked(grant=grant, quorum=grant.quorum or 0, until=grant.expires_at, not_by=not_by)
        one.ready = self.quorum == 0
        assert one.quorum == self.quorum
        self.all.append(one)
        return one

    @rule(
        one=asked,
        name=st.sampled_from(APPROVERS),
        minutes=st.sampled_from((None, 5, 10)),
        scope=st.sampled_from((None, Scope.READ_ONLY)),
    )
    def approve(self, one: Asked, name: str, minutes: int | None, scope: Scope | None) -> None:
        counts = self.can_be_answered(one) and self.may(name) and name not in one.not_by
        minutes = None if minutes is None else min(minutes, one.minutes)
        answer = self.room.approve(one.grant, self.who(name), minutes=minutes, scope=scope)
        assert bool(isinstance(answer, Grant)) == counts, (answer, one)
        if not counts or name in one.yes:
            return
        one.yes.add(name)
        one.minutes = minutes or one.minutes
        one.read_only = one.read_only or scope is Scope.READ_ONLY
        if self.agreeing(one) >= max(one.quorum, self.quorum):
            one.ready, one.until = True, self.world.clock.now + GRANT_LIFE

    @rule(gone=st.sampled_from((None, *APPROVERS)))
    def begin(self, gone: str | None) -> None:
        """All at once what chance alone seldom comes to: it waits, is agreed to, and is used.

        Somebody may be gone by then.
        """
        one = self.ask("ada", named=False)
        assert isinstance(one, Asked)
        for name in APPROVERS:
            self.approve(one, name, None, None)
        if gone is not None:
            self.come_or_go(gone, active=False)
        self.use(one)
        if gone is not None:
            self.come_or_go(gone, active=True)

    @rule(one=asked, name=st.sampled_from(APPROVERS))
    def say_no(self, one: Asked, name: str) -> None:
        answer = self.room.deny(one.grant, self.who(name))
        # Whoever agreed takes that back in any case; the others answer while it waits.
        one.over = one.over or isinstance(answer, Grant)
        assert not (isinstance(answer, Grant) and name in one.not_by)

    @rule(one=consumes(asked))
    def give_up(self, one: Asked) -> None:
        by = one.grant.actor.party
        self.world.run(lambda unit: cancel(unit, one.grant.id, by=by, origin=HERE))
        one.over = True

    @rule(minutes=st.sampled_from((1, 6, 14, 50)))
    def wait(self, minutes: int) -> None:
        self.world.clock.forward(minutes=minutes)

    @rule(name=st.sampled_from(APPROVERS), role=st.sampled_from(tuple(ROLES)))
    def change_role(self, name: str, role: str) -> None:
        self.room.change(self.who(name), roles=frozenset({ROLES[role]}))
        self.role[name] = role

    @rule(name=st.sampled_from(APPROVERS), active=st.booleans())
    def come_or_go(self, name: str, active: bool) -> None:
        status = OperatorStatus.ACTIVE if active else OperatorStatus.DISABLED
        self.room.change(self.who(name), status=status)
        self.active[name] = active

    @rule(quorum=st.integers(min_value=0, max_value=3), other=st.booleans())
    def change_terms(self, quorum: int, other: bool) -> None:
        roles = (Role.APPROVER, Role.SUPPORT_MANAGER) if other else (Role.APPROVER,)
        self.room.ask_for(quorum=quorum, roles=roles)
        self.quorum, self.may_be_other = quorum, other

    @rule(one=asked)
    def use(self, one: Asked) -> None:
        opened = self.world.exchange(self.world.token(one.grant))
        if not isinstance(opened, OpenSession):
            return
        assert one.ready
        assert not one.over
        assert one.used or self.world.clock.now < one.until
        assert self.agreeing(one) >= max(one.quorum, self.quorum), (one, self.quorum)
        assert opened.grant.minutes <= one.minutes
        longest = self.world.clock.now + timedelta(minutes=one.minutes)
        assert opened.session.ends_at <= longest
        assert opened.restrictions.scope is Scope.READ_ONLY or not one.read_only
        one.session, one.used = opened, True

    @rule(one=asked)
    def end(self, one: Asked) -> None:
        if one.session is not None and self.world.stored(one.session).end_cause is None:
            self.world.end(one.session, EndCause.ENDED_BY_ACTOR)

    @invariant()
    def nothing_runs_on_too_little(self) -> None:
        for one in self.all:
            if one.session is None or not isinstance(self.world.refresh(one.session), OpenSession):
                continue
            assert not one.over
            assert len(one.yes) >= max(one.quorum, self.quorum), (one, self.quorum)


def test_no_order_opens_anything_with_fewer_than_have_to_agree() -> None:
    run_state_machine_as_test(
        Approving, settings=settings(max_examples=20, stateful_step_count=30, deadline=None)
    )

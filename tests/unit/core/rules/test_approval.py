from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.core.factories import (
    application,
    ask,
    grant,
    named_actor,
    operator,
    settings,
    snapshot,
    subject,
)
from understudy.core.governance.approvals import ApprovalTerms, group_named
from understudy.core.governance.policies import PolicyVerdict
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.identities import (
    identity_of_actor,
    identity_of_operator,
    identity_of_subject,
)
from understudy.core.people.permissions import Permission, Role, permissions_of
from understudy.core.people.principals import Actor, Operator, OperatorStatus, Subject
from understudy.core.rules.approval import (
    APPROVAL_MISSING,
    APPROVER_IS_ACTOR,
    APPROVER_IS_SUBJECT,
    APPROVER_NOT_ALLOWED,
    Judged,
    approvers_within,
    may_approve,
    may_break_glass,
    why_not_approver,
)
from understudy.core.rules.chain import RULES
from understudy.core.rules.decision import Deny, Permit, RequireApproval
from understudy.core.rules.policy import decide, permitted_still, waits_for_approval
from understudy.core.rules.question import Snapshot
from understudy.core.rules.rule import Rule

TERMS = ApprovalTerms(quorum=2, break_glass=True, break_glass_minutes=5)


def seen(terms: ApprovalTerms = TERMS, **changes: Any) -> Snapshot:
    return snapshot(application=application(settings=settings(approval=terms)), **changes)


def approver(**changes: Any) -> Operator:
    roles = frozenset({Role.APPROVER})
    return replace(
        operator(id="opr_2", email="kit@support.example", roles=roles),
        **changes,
    )


def test_where_nobody_has_to_agree_it_is_permitted_as_ever() -> None:
    decision = decide(ask(), snapshot())
    assert isinstance(decision, Permit)
    assert not decision.breaks_glass


def test_where_others_have_to_agree_every_rule_was_asked_before() -> None:
    decision = decide(ask(minutes=20), seen())
    assert isinstance(decision, RequireApproval)
    assert (decision.quorum, decision.limits.minutes) == (2, 20)
    assert decision.asked == RULES.codes
    assert decision.decided_by is None


def test_a_rule_refuses_before_anybody_is_asked_to_agree() -> None:
    assert isinstance(decide(ask(), seen(subject=subject(protected=True))), Deny)


def test_who_breaks_the_glass_gets_the_shorter_time() -> None:
    decision = decide(ask(minutes=20, break_glass=True), seen())
    assert isinstance(decision, Permit)
    assert (decision.breaks_glass, decision.limits.minutes) == (True, 5)
    brief = decide(ask(minutes=3, break_glass=True), seen())
    assert isinstance(brief, Permit)
    assert brief.limits.minutes == 3


def test_there_is_no_glass_where_nobody_has_to_agree() -> None:
    decision = decide(ask(break_glass=True), seen(replace(TERMS, quorum=0)))
    assert isinstance(decision, Permit)
    assert (decision.breaks_glass, decision.limits.minutes) == (False, 30)


@pytest.mark.parametrize(
    ("quorum", "agreed", "missing"),
    [(None, 1, True), (None, 2, False), (2, 2, False), (3, 2, True), (3, 3, False)],
)
def test_the_stricter_of_what_was_wanted_and_is_wanted_holds(
    quorum: int | None, agreed: int, missing: bool
) -> None:
    given = seen(agreed=agreed)
    waiting = grant(quorum=quorum)
    assert waits_for_approval(waiting, given) is missing
    refused = permitted_still(waiting, given)
    assert refused == (Deny(rule=APPROVAL_MISSING) if missing else None)
    if refused is not None:
        assert refused.asked == (*RULES.codes, "approval_missing")
        assert refused.end_cause is EndCause.APPROVAL_WITHDRAWN


def test_nobody_agrees_in_an_application_that_is_gone() -> None:
    assert waits_for_approval(grant(), snapshot(application=None))


def test_a_broken_glass_needs_no_approval_and_the_leave_to_break_it() -> None:
    broken = grant(review_id="rvw_1")
    assert permitted_still(broken, seen()) is None
    refused = permitted_still(broken, seen(replace(TERMS, break_glass=False)))
    assert refused is not None
    assert refused.decided_by == "break_glass_not_allowed"


def test_who_may_break_the_glass_is_asked_for_as_things_are() -> None:
    assert may_break_glass(seen())
    assert not may_break_glass(seen(replace(TERMS, break_glass=False)))
    assert not may_break_glass(snapshot(application=None))


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"roles": frozenset({Role.SUPPORT_MANAGER})}, True),
        ({"roles": frozenset({Role.ADMIN})}, False),
        ({"roles": frozenset({Role.AUDITOR})}, False),
        ({"status": OperatorStatus.DISABLED}, False),
    ],
)
def test_who_may_agree(changes: dict[str, Any], may: bool) -> None:
    assert may_approve(approver(**changes), [TERMS.approvers]) is may


def test_a_role_agrees_only_with_the_permission_to() -> None:
    anybody = [replace(TERMS, roles=tuple(Role)).approvers]
    assert not may_approve(approver(roles=frozenset({Role.AUDITOR})), anybody)
    assert may_approve(approver(roles=frozenset({Role.ADMIN})), anybody)
    assert Permission.APPROVALS_DECIDE in permissions_of([Role.APPROVER])


LEADS = replace(TERMS, roles=(Role.APPROVER,), groups=("leads",))
BY_ROLE, BY_GROUP = approver(), approver(roles=frozenset({Role.ADMIN}), groups=("leads",))


def test_a_member_of_a_named_group_agrees_beside_a_role_or_instead_of_one() -> None:
    nobody = approver(roles=frozenset({Role.ADMIN}), groups=("others",))
    for terms, who in ((LEADS, (BY_ROLE, BY_GROUP)), (replace(LEADS, roles=()), (BY_GROUP,))):
        found = [one for one in (BY_ROLE, BY_GROUP, nobody) if may_approve(one, [terms.approvers])]
        assert found == list(who)


def said(*approvers: str) -> PolicyVerdict:
    return PolicyVerdict(permitted=True, quorum=1, approvers=approvers)


def test_whom_policies_name_has_to_be_content_beside_whom_the_application_names() -> None:
    assert approvers_within(TERMS, None) == (TERMS.approvers,)
    assert approvers_within(TERMS, said()) == (TERMS.approvers,)
    both = approver(groups=("leads",))
    for quorum, who in ((2, [both]), (0, [BY_GROUP, both])):
        wanted = approvers_within(replace(TERMS, quorum=quorum), said("group:leads"))
        assert [one for one in (BY_ROLE, BY_GROUP, both) if may_approve(one, wanted)] == who


@pytest.mark.parametrize(
    ("name", "group"),
    [("group:leads", "leads"), ("approver", None), ("group:", None), ("group:No", None)],
)
def test_what_names_a_group_says_so(name: str, group: str | None) -> None:
    assert group_named(name) == group


SAM = operator(roles=frozenset({Role.SUPPORT_MANAGER}))
STAFF_7 = approver(staff_id="staff-7")
ADA = subject()


def _judging(
    who: Operator,
    *,
    actor: Actor | None = None,
    account: Subject | None = None,
    subject: Subject = ADA,
) -> Rule | None:
    """Why ``who`` may not agree to what ``actor``, who has ``account``, asked for."""
    asking = actor or grant().actor
    judged = Judged(
        actor=identity_of_actor(asking, None, account), subject=identity_of_subject(subject)
    )
    return why_not_approver(who, identity_of_operator(who, None), judged, [TERMS.approvers])


@pytest.mark.parametrize(
    ("who", "actor"),
    [
        (SAM, None),
        (approver(email="sam@support.example"), None),
        (STAFF_7, named_actor()),
        (approver(email="KIM@app.example"), named_actor()),
    ],
    ids=["same account", "same address", "same staff", "address of a named one"],
)
def test_nobody_agrees_to_their_own_request(who: Operator, actor: Actor | None) -> None:
    assert _judging(who, actor=actor) is APPROVER_IS_ACTOR


def test_whoever_the_app_names_by_an_id_alone_is_known_by_their_account_there() -> None:
    account = subject(id="staff-7", ref="sub_7", email="Kit@Support.example")
    unnamed = named_actor(email=None, name=None)
    assert _judging(approver(), actor=unnamed) is None
    assert _judging(approver(), actor=unnamed, account=account) is APPROVER_IS_ACTOR


@pytest.mark.parametrize(
    "who",
    [approver(email="ada@acme.example"), approver(staff_id="ada")],
    ids=["same address", "same user"],
)
def test_nobody_agrees_to_a_request_about_themselves(who: Operator) -> None:
    assert _judging(who) is APPROVER_IS_SUBJECT


def test_an_operator_of_the_same_id_as_staff_elsewhere_is_somebody_else() -> None:
    assert _judging(STAFF_7) is None
    assert _judging(approver(), actor=named_actor()) is None


def test_whoever_may_not_agree_is_told_first() -> None:
    nobody = approver(roles=frozenset({Role.AUDITOR}), email="ada@acme.example")
    assert _judging(nobody) is APPROVER_NOT_ALLOWED

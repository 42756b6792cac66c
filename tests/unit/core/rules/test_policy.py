from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.factories import (
    NOW,
    application,
    ask,
    consent,
    grant,
    named_actor,
    occasion,
    operator,
    organization,
    settings,
    snapshot,
    subject,
)
from understudy.core.applications.application import Application, UnrankedRoles
from understudy.core.governance.approvals import ApprovalTerms
from understudy.core.governance.consents import ConsentMode, ConsentTerms
from understudy.core.governance.decision_points import DecisionPoint
from understudy.core.governance.policies import PolicyVerdict
from understudy.core.ids import OrganizationId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, OperatorStatus, Status
from understudy.core.rules.actor import (
    ACTOR_EMAIL_IS_OPERATORS,
    ACTOR_INACTIVE,
    ACTOR_NOT_ALLOWED,
    NESTED,
)
from understudy.core.rules.application import APPLICATION_INACTIVE, IMPERSONATION_OFF
from understudy.core.rules.approval import APPROVAL_MISSING, BREAK_GLASS_NOT_ALLOWED
from understudy.core.rules.chain import RULES
from understudy.core.rules.consent import ACTOR_FROZEN, CONSENT_MISSING
from understudy.core.rules.decision import Deny, Limits, Permit
from understudy.core.rules.governed import POLICY_FORBIDS
from understudy.core.rules.insider import SUBJECT_IS_COLLEAGUE, SUBJECT_IS_HONEY
from understudy.core.rules.organization import ORGANIZATION_INACTIVE, ORGANIZATION_MISMATCH
from understudy.core.rules.outside import DECISION_POINT_REFUSES
from understudy.core.rules.policy import approvals_wanted, decide, permitted_still, standing
from understudy.core.rules.question import Snapshot
from understudy.core.rules.ranking import rank_of
from understudy.core.rules.request import (
    MINUTES_OUT_OF_RANGE,
    REASON_MISSING,
    REASON_NOT_TEXT,
    REASON_TOO_LONG,
    REASON_TOO_SHORT,
    RETURN_TO_NOT_A_PATH,
    SCOPE_NOT_ALLOWED,
    TICKET_MISSING,
    TICKET_NOT_TEXT,
    TICKET_TOO_LONG,
)
from understudy.core.rules.rule import Rule
from understudy.core.rules.subject import (
    SUBJECT_INACTIVE,
    SUBJECT_IS_ACTOR,
    SUBJECT_OUTRANKS,
    SUBJECT_PROTECTED,
    SUBJECT_UNKNOWN,
    SUBJECT_UNRANKED,
)

OPERATOR = Actor.from_operator(operator())


def test_a_request_in_order_is_permitted_within_the_defaults() -> None:
    assert decide(ask(reason="  Cannot find the reports tab  "), snapshot()) == Permit(
        limits=Limits(
            minutes=30,
            scope=Scope.FULL,
            reason="Cannot find the reports tab",
            ticket=None,
            return_to=None,
        )
    )


def test_what_was_asked_for_is_kept_when_it_is_within_the_limits() -> None:
    request = ask(minutes=5, scope=Scope.READ_ONLY, ticket=" SUP-1 ", return_to="/reports?x=1")
    decision = decide(request, snapshot())
    assert isinstance(decision, Permit)
    assert decision.limits.minutes == 5
    assert decision.limits.scope is Scope.READ_ONLY
    assert decision.limits.ticket == "SUP-1"
    assert decision.limits.return_to == "/reports?x=1"


def test_the_default_never_exceeds_the_maximum() -> None:
    tight = application(settings=settings(default_minutes=45, max_minutes=15))
    decision = decide(ask(), snapshot(application=tight))
    assert isinstance(decision, Permit)
    assert decision.limits.minutes == 15


def _asking(mode: ConsentMode) -> Application:
    return application(settings=settings(consent=ConsentTerms(mode=mode)))


REFUSED: list[tuple[Rule, ImpersonationRequest, Snapshot]] = [
    (APPLICATION_INACTIVE, ask(), snapshot(application=None)),
    (
        APPLICATION_INACTIVE,
        ask(),
        snapshot(application=application(status=Status.DISABLED)),
    ),
    (
        IMPERSONATION_OFF,
        ask(),
        snapshot(application=application(settings=settings(default_scope="masked"))),
    ),
    (
        IMPERSONATION_OFF,
        ask(),
        snapshot(application=application(settings=settings(impersonation_allowed=False))),
    ),
    (ACTOR_INACTIVE, ask(), snapshot(operator=None)),
    (ACTOR_INACTIVE, ask(), snapshot(operator=operator(id="opr_2"))),
    (
        ACTOR_INACTIVE,
        ask(),
        snapshot(operator=operator(status=OperatorStatus.DISABLED)),
    ),
    (ACTOR_NOT_ALLOWED, ask(), snapshot(operator=operator(roles=frozenset({Role.ADMIN})))),
    (ACTOR_NOT_ALLOWED, ask(), snapshot(operator=operator(roles=frozenset()))),
    (
        ACTOR_EMAIL_IS_OPERATORS,
        ask(actor=named_actor()),
        snapshot(operator=None, email_owner=operator()),
    ),
    (
        NESTED,
        ask(actor=named_actor()),
        snapshot(operator=None, actor_is_impersonated=True),
    ),
    (ACTOR_FROZEN, ask(), snapshot(frozen=True)),
    (REASON_MISSING, ask(reason=" \n\t "), snapshot()),
    (REASON_TOO_SHORT, ask(reason="  123456789  "), snapshot()),
    (REASON_TOO_LONG, ask(reason="x" * 1001), snapshot()),
    (REASON_NOT_TEXT, ask(reason="all is well here\x00"), snapshot()),
    (REASON_NOT_TEXT, ask(reason="all is \u202ewell here"), snapshot()),
    (
        TICKET_MISSING,
        ask(),
        snapshot(application=application(settings=settings(ticket_required=True))),
    ),
    (
        TICKET_MISSING,
        ask(ticket="  "),
        snapshot(application=application(settings=settings(ticket_required=True))),
    ),
    (TICKET_NOT_TEXT, ask(ticket="A\nB"), snapshot()),
    (TICKET_NOT_TEXT, ask(ticket="A\x1bB"), snapshot()),
    (TICKET_TOO_LONG, ask(ticket="x" * 201), snapshot()),
    (MINUTES_OUT_OF_RANGE, ask(minutes=0), snapshot()),
    (MINUTES_OUT_OF_RANGE, ask(minutes=-5), snapshot()),
    (MINUTES_OUT_OF_RANGE, ask(minutes=61), snapshot()),
    (
        MINUTES_OUT_OF_RANGE,
        ask(minutes=61),
        snapshot(application=application(settings=settings(max_minutes=600))),
    ),
    (
        SCOPE_NOT_ALLOWED,
        ask(scope=Scope.FULL),
        snapshot(application=application(settings=settings(allowed_scopes=(Scope.READ_ONLY,)))),
    ),
    (RETURN_TO_NOT_A_PATH, ask(return_to="https://evil.example/"), snapshot()),
    (RETURN_TO_NOT_A_PATH, ask(return_to="/" + "a" * 2000), snapshot()),
    (BREAK_GLASS_NOT_ALLOWED, ask(break_glass=True), snapshot()),
    (SUBJECT_UNKNOWN, ask(), snapshot(subject=None)),
    (SUBJECT_UNKNOWN, ask(), snapshot(subject=subject(status=Status.DELETED))),
    (SUBJECT_INACTIVE, ask(), snapshot(subject=subject(status=Status.DISABLED))),
    (SUBJECT_PROTECTED, ask(), snapshot(subject=subject(protected=True))),
    (
        SUBJECT_OUTRANKS,
        ask(),
        snapshot(
            application=application(settings=settings(role_ranks={"owner": 100})),
            subject=subject(roles=("member", "owner")),
        ),
    ),
    (
        SUBJECT_UNRANKED,
        ask(),
        snapshot(
            application=application(
                settings=settings(role_ranks={"member": 0}, unranked_roles=UnrankedRoles.REFUSE)
            ),
            subject=subject(roles=("member", "strange")),
        ),
    ),
    (SUBJECT_IS_ACTOR, ask(), snapshot(subject=subject(email="SAM@Support.example"))),
    (
        SUBJECT_IS_ACTOR,
        ask(actor=named_actor(id="ada", email=None)),
        snapshot(operator=None),
    ),
    (ORGANIZATION_MISMATCH, ask(organization_id="globex"), snapshot()),
    (
        ORGANIZATION_INACTIVE,
        ask(),
        snapshot(organization=organization(status=Status.DISABLED)),
    ),
    (CONSENT_MISSING, ask(), snapshot(application=_asking(ConsentMode.STANDING))),
    (CONSENT_MISSING, ask(), snapshot(application=_asking(ConsentMode.ASK), consent=consent())),
    (
        DECISION_POINT_REFUSES,
        ask(),
        snapshot(
            application=application(
                settings=settings(decision_point=DecisionPoint(url="https://pdp.example/"))
            )
        ),
    ),
    (POLICY_FORBIDS, ask(), snapshot(occasion=occasion(PolicyVerdict(permitted=False)))),
    (SUBJECT_IS_HONEY, ask(), snapshot(subject=subject(honey_since=NOW))),
    (SUBJECT_IS_HONEY, ask(), snapshot(subject=subject(honey_since=NOW, protected=True))),
    (SUBJECT_IS_COLLEAGUE, ask(), snapshot(colleague=operator(id="opr_2"))),
]


@pytest.mark.parametrize(
    ("rule", "request_", "seen"),
    REFUSED,
    ids=[f"{rule.code}-{number}" for number, (rule, _, _) in enumerate(REFUSED)],
)
def test_each_rule_refuses_with_its_own_code(
    rule: Rule, request_: ImpersonationRequest, seen: Snapshot
) -> None:
    decision = decide(request_, seen)
    assert decision == Deny(rule=rule)
    assert not decision


def test_every_rule_of_a_decision_is_provoked_above() -> None:
    assert {rule for rule, _, _ in REFUSED} == set(RULES.rules)


def test_an_actor_named_by_the_application_needs_no_account_here() -> None:
    assert isinstance(decide(ask(actor=named_actor()), snapshot(operator=None)), Permit)


def test_people_without_an_address_are_told_apart_by_id() -> None:
    nameless = ask(actor=named_actor(email=None))
    assert isinstance(decide(nameless, snapshot(operator=None)), Permit)


def test_a_role_without_a_rank_counts_nothing() -> None:
    ranked = application(settings=settings(role_ranks={"owner": 99}))
    seen = snapshot(application=ranked, subject=subject(roles=("owner", "strange")))
    assert isinstance(decide(ask(), seen), Permit)


@given(
    ranks=st.dictionaries(st.sampled_from("abcde"), st.integers(0, 300)),
    roles=st.lists(st.sampled_from("abcde"), max_size=5),
    actor_rank=st.integers(0, 300),
)
def test_nobody_reaches_a_subject_of_their_own_rank_or_above(
    ranks: dict[str, int], roles: list[str], actor_rank: int
) -> None:
    ranked = application(settings=settings(role_ranks=ranks))
    target = subject(roles=tuple(roles))
    person = operator(rank=actor_rank)
    decision = decide(
        ask(actor=Actor.from_operator(person)),
        snapshot(application=ranked, subject=target, operator=person),
    )
    assert isinstance(decision, Permit) == (rank_of(target.roles, ranks) < actor_rank)


STANDING_FALLS: list[tuple[Rule, Callable[[], Snapshot]]] = [
    (APPLICATION_INACTIVE, lambda: snapshot(application=None)),
    (
        IMPERSONATION_OFF,
        lambda: snapshot(application=application(settings=settings(impersonation_allowed=False))),
    ),
    (ACTOR_INACTIVE, lambda: snapshot(operator=None)),
    (SUBJECT_PROTECTED, lambda: snapshot(subject=subject(protected=True))),
    (ORGANIZATION_MISMATCH, lambda: snapshot(subject=subject(organization_id="globex"))),
    (SUBJECT_UNKNOWN, lambda: snapshot(subject=None)),
]


@pytest.mark.parametrize(
    ("rule", "seen"), STANDING_FALLS, ids=[rule.code for rule, _ in STANDING_FALLS]
)
def test_a_grant_falls_with_any_of_its_premises(rule: Rule, seen: Callable[[], Snapshot]) -> None:
    assert standing(OPERATOR, OrganizationId("acme"), seen()) == Deny(rule=rule)


def test_a_grant_without_a_tenant_falls_when_the_subject_joins_one() -> None:
    assert standing(OPERATOR, None, snapshot()) == Deny(rule=ORGANIZATION_MISMATCH)


def test_a_grant_stands_while_its_premises_do() -> None:
    assert standing(OPERATOR, OrganizationId("acme"), snapshot()) is None


def test_a_request_whose_subject_is_unknown_in_a_named_organization_says_unknown() -> None:
    decision = decide(ask(organization_id="acme"), snapshot(subject=None))
    assert decision == Deny(rule=SUBJECT_UNKNOWN)


def test_what_was_asked_for_ends_no_session() -> None:
    of_the_request = {rule for rule in RULES.rules if rule.code.startswith(("reason", "ticket"))}
    asked_once = of_the_request | {
        MINUTES_OUT_OF_RANGE,
        SCOPE_NOT_ALLOWED,
        RETURN_TO_NOT_A_PATH,
        BREAK_GLASS_NOT_ALLOWED,
        DECISION_POINT_REFUSES,
    }
    assert set(RULES.premises) == set(RULES.rules) - asked_once
    assert all(rule.end_cause is not None for rule in RULES.premises)


@pytest.mark.parametrize(
    ("rule", "tightened"),
    [
        (APPLICATION_INACTIVE, lambda: snapshot(application=None)),
        (TICKET_MISSING, lambda: snapshot(application=_application(ticket_required=True))),
        (REASON_TOO_SHORT, lambda: snapshot(application=_application(reason_min_length=80))),
        (NESTED, lambda: snapshot(actor_is_impersonated=True)),
        (APPROVAL_MISSING, lambda: snapshot(budget_spent=True)),
    ],
)
def test_what_has_no_order_refuses_a_grant_of_before(
    rule: Rule, tightened: Callable[[], Snapshot]
) -> None:
    waiting = grant(actor=named_actor()) if rule is NESTED else grant()
    assert permitted_still(waiting, snapshot()) is None
    assert permitted_still(waiting, tightened()) == Deny(rule=rule)


def test_what_has_an_order_refuses_no_grant_of_before() -> None:
    shorter = _application(
        max_minutes=5,
        default_minutes=5,
        allowed_scopes=(Scope.READ_ONLY,),
        default_scope=Scope.READ_ONLY,
    )
    assert permitted_still(grant(), snapshot(application=shorter)) is None


def _application(**changes: Any) -> Application:
    return application(settings=settings(**changes))


def test_who_went_ahead_alone_needs_nobody_and_others_whoever_is_asked_for_by_now() -> None:
    two = _application(approval=ApprovalTerms(quorum=2))
    assert approvals_wanted(grant(review_id="rvw_1"), snapshot(application=two)) == 0
    assert approvals_wanted(grant(quorum=1), snapshot(application=two)) == 2
    assert approvals_wanted(grant(quorum=3), snapshot(application=two)) == 3
    assert approvals_wanted(grant(), snapshot(application=None)) == 0

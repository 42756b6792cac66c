from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.factories import (
    application,
    ask,
    named_actor,
    operator,
    organization,
    settings,
    snapshot,
    subject,
)
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, OperatorStatus, Status
from understudy.core.rules.policy import (
    END_CAUSE,
    Deny,
    Limits,
    Permit,
    Rule,
    Snapshot,
    decide,
    fold_email,
    is_local_path,
    is_plain_text,
    standing,
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


REFUSED: list[tuple[Rule, ImpersonationRequest, Snapshot]] = [
    (Rule.APPLICATION_INACTIVE, ask(), snapshot(application=None)),
    (
        Rule.APPLICATION_INACTIVE,
        ask(),
        snapshot(application=application(status=Status.DISABLED)),
    ),
    (
        Rule.IMPERSONATION_OFF,
        ask(),
        snapshot(application=application(settings=settings(impersonation_allowed=False))),
    ),
    (Rule.ACTOR_INACTIVE, ask(), snapshot(operator=None)),
    (Rule.ACTOR_INACTIVE, ask(), snapshot(operator=operator(id="opr_2"))),
    (
        Rule.ACTOR_INACTIVE,
        ask(),
        snapshot(operator=operator(status=OperatorStatus.DISABLED)),
    ),
    (Rule.ACTOR_NOT_ALLOWED, ask(), snapshot(operator=operator(roles=frozenset({Role.ADMIN})))),
    (Rule.ACTOR_NOT_ALLOWED, ask(), snapshot(operator=operator(roles=frozenset()))),
    (
        Rule.ACTOR_EMAIL_IS_OPERATORS,
        ask(actor=named_actor()),
        snapshot(operator=None, email_owner=operator()),
    ),
    (
        Rule.NESTED,
        ask(actor=named_actor()),
        snapshot(operator=None, actor_is_impersonated=True),
    ),
    (Rule.REASON_MISSING, ask(reason=" \n\t "), snapshot()),
    (Rule.REASON_TOO_SHORT, ask(reason="  123456789  "), snapshot()),
    (Rule.REASON_TOO_LONG, ask(reason="x" * 1001), snapshot()),
    (Rule.REASON_NOT_TEXT, ask(reason="all is well here\x00"), snapshot()),
    (Rule.REASON_NOT_TEXT, ask(reason="all is \u202ewell here"), snapshot()),
    (
        Rule.TICKET_MISSING,
        ask(),
        snapshot(application=application(settings=settings(ticket_required=True))),
    ),
    (
        Rule.TICKET_MISSING,
        ask(ticket="  "),
        snapshot(application=application(settings=settings(ticket_required=True))),
    ),
    (Rule.TICKET_NOT_TEXT, ask(ticket="A\nB"), snapshot()),
    (Rule.TICKET_NOT_TEXT, ask(ticket="A\x1bB"), snapshot()),
    (Rule.TICKET_TOO_LONG, ask(ticket="x" * 201), snapshot()),
    (Rule.MINUTES_OUT_OF_RANGE, ask(minutes=0), snapshot()),
    (Rule.MINUTES_OUT_OF_RANGE, ask(minutes=-5), snapshot()),
    (Rule.MINUTES_OUT_OF_RANGE, ask(minutes=61), snapshot()),
    (
        Rule.MINUTES_OUT_OF_RANGE,
        ask(minutes=61),
        snapshot(application=application(settings=settings(max_minutes=600))),
    ),
    (
        Rule.SCOPE_NOT_ALLOWED,
        ask(scope=Scope.FULL),
        snapshot(application=application(settings=settings(allowed_scopes=(Scope.READ_ONLY,)))),
    ),
    (Rule.RETURN_TO_NOT_A_PATH, ask(return_to="https://evil.example/"), snapshot()),
    (Rule.SUBJECT_UNKNOWN, ask(), snapshot(subject=None)),
    (Rule.SUBJECT_UNKNOWN, ask(), snapshot(subject=subject(status=Status.DELETED))),
    (Rule.SUBJECT_INACTIVE, ask(), snapshot(subject=subject(status=Status.DISABLED))),
    (Rule.SUBJECT_PROTECTED, ask(), snapshot(subject=subject(protected=True))),
    (
        Rule.SUBJECT_OUTRANKS,
        ask(),
        snapshot(
            application=application(settings=settings(role_ranks={"owner": 100})),
            subject=subject(roles=("member", "owner")),
        ),
    ),
    (Rule.SUBJECT_IS_ACTOR, ask(), snapshot(subject=subject(email="SAM@Support.example"))),
    (
        Rule.SUBJECT_IS_ACTOR,
        ask(actor=named_actor(id="ada", email=None)),
        snapshot(operator=None),
    ),
    (Rule.ORGANIZATION_MISMATCH, ask(organization_id="globex"), snapshot()),
    (
        Rule.ORGANIZATION_INACTIVE,
        ask(),
        snapshot(organization=organization(status=Status.DISABLED)),
    ),
]


@pytest.mark.parametrize(
    ("rule", "request_", "seen"),
    REFUSED,
    ids=[f"{rule}-{number}" for number, (rule, _, _) in enumerate(REFUSED)],
)
def test_each_rule_refuses_with_its_own_code(
    rule: Rule, request_: ImpersonationRequest, seen: Snapshot
) -> None:
    decision = decide(request_, seen)
    assert decision == Deny(rule=rule)
    assert not decision


def test_every_rule_of_a_decision_is_provoked_above() -> None:
    elsewhere = {Rule.GRANT_CLOSED, Rule.LAUNCH_NOT_ARMED}
    assert {rule for rule, _, _ in REFUSED} == set(Rule) - elsewhere


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
    assert isinstance(decision, Permit) == (target.rank(ranks) < actor_rank)


STANDING_FALLS: list[tuple[Rule, Callable[[], Snapshot]]] = [
    (Rule.APPLICATION_INACTIVE, lambda: snapshot(application=None)),
    (
        Rule.IMPERSONATION_OFF,
        lambda: snapshot(application=application(settings=settings(impersonation_allowed=False))),
    ),
    (Rule.ACTOR_INACTIVE, lambda: snapshot(operator=None)),
    (Rule.SUBJECT_PROTECTED, lambda: snapshot(subject=subject(protected=True))),
    (Rule.ORGANIZATION_MISMATCH, lambda: snapshot(subject=subject(organization_id="globex"))),
    (Rule.SUBJECT_UNKNOWN, lambda: snapshot(subject=None)),
]


@pytest.mark.parametrize(
    ("rule", "seen"), STANDING_FALLS, ids=[str(rule) for rule, _ in STANDING_FALLS]
)
def test_a_grant_falls_with_any_of_its_premises(rule: Rule, seen: Callable[[], Snapshot]) -> None:
    assert standing(OPERATOR, "acme", seen()) == Deny(rule=rule)


def test_a_grant_without_a_tenant_falls_when_the_subject_joins_one() -> None:
    assert standing(OPERATOR, None, snapshot()) == Deny(rule=Rule.ORGANIZATION_MISMATCH)


def test_a_grant_stands_while_its_premises_do() -> None:
    assert standing(OPERATOR, "acme", snapshot()) is None


def test_a_request_whose_subject_is_unknown_in_a_named_organization_says_unknown() -> None:
    decision = decide(ask(organization_id="acme"), snapshot(subject=None))
    assert decision == Deny(rule=Rule.SUBJECT_UNKNOWN)


def test_every_rule_that_can_fall_has_a_cause_to_end_a_session() -> None:
    of_the_request = {rule for rule in Rule if rule.startswith(("reason", "ticket"))}
    not_premises = of_the_request | {
        Rule.MINUTES_OUT_OF_RANGE,
        Rule.SCOPE_NOT_ALLOWED,
        Rule.RETURN_TO_NOT_A_PATH,
        Rule.GRANT_CLOSED,
        Rule.LAUNCH_NOT_ARMED,
    }
    assert set(END_CAUSE) == set(Rule) - not_premises


@pytest.mark.parametrize(
    "path",
    [
        "",
        "relative",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a b",
        "/a\r\nSet-Cookie: x",
        "/a\tb",
        "/é",
        "/" + "a" * 2001,
    ],
)
def test_a_return_path_never_leaves_the_origin(path: str) -> None:
    assert not is_local_path(path)


@pytest.mark.parametrize("path", ["/", "/reports", "/reports?from=1&to=2#top", "/%2f%2fevil"])
def test_a_return_path_on_the_origin_is_fine(path: str) -> None:
    assert is_local_path(path)


def test_line_feeds_are_text_and_controls_are_not() -> None:
    assert is_plain_text("one\ntwo")
    assert not is_plain_text("one\rtwo")
    assert not is_plain_text("\ud800")


def test_addresses_are_compared_without_regard_to_case_and_width() -> None:
    assert fold_email(" \uff21DA@Acme.example ") == "ada@acme.example"

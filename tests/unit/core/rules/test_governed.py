from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.unit.core.factories import (
    NOW,
    application,
    ask,
    grant,
    named_actor,
    occasion,
    operator,
    settings,
    snapshot,
    subject,
)
from understudy.core.governance.policies import Moment, PolicyQuestion, PolicyVerdict
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.principals import Actor, ActorKind
from understudy.core.rules.decision import Deny, Permit
from understudy.core.rules.governed import POLICY_FORBIDS
from understudy.core.rules.narrow import narrowed
from understudy.core.rules.policy import decide, permitted_still, standing, verdict_again
from understudy.core.rules.question import Snapshot
from understudy.core.rules.subject import SUBJECT_PROTECTED

YES = PolicyVerdict(permitted=True, deciding=("everybody",))
NO = PolicyVerdict(permitted=False, deciding=("never",))
STRICT = replace(YES, minutes=10, scope=Scope.READ_ONLY)


def heard(**changes: object) -> tuple[list[PolicyQuestion], Snapshot]:
    """What policies were asked, and a snapshot in which they say yes."""
    questions: list[PolicyQuestion] = []

    def judge(question: PolicyQuestion) -> PolicyVerdict:
        questions.append(question)
        return YES

    asked = replace(occasion(YES), judge=judge, address="192.0.2.1")
    return questions, snapshot(occasion=asked, **changes)


def test_a_start_is_asked_about_with_all_that_is_known() -> None:
    ranked = application(settings=settings(role_ranks={"finance": 10}))
    questions, seen = heard(application=ranked, subject=subject(roles=("finance",)))
    decision = decide(ask(ticket=" SUP-1 ", minutes=5), seen)
    assert isinstance(decision, Permit)
    assert decision.verdict == YES
    assert questions[0] == PolicyQuestion(
        moment=Moment.START,
        now=NOW,
        actor_kind=ActorKind.OPERATOR,
        actor_id="opr_1",
        actor_email="sam@support.example",
        actor_rank=100,
        actor_roles=("support_manager",),
        subject_id="ada",
        subject_email="ada@acme.example",
        subject_roles=("finance",),
        subject_rank=10,
        subject_protected=False,
        organization_id="acme",
        reason="Cannot find the reports tab",
        ticket="SUP-1",
        minutes=5,
        scope=Scope.FULL,
        address="192.0.2.1",
    )


def test_what_was_granted_is_asked_about_as_it_was_granted() -> None:
    questions, seen = heard()
    granted = grant(minutes=7, scope=Scope.READ_ONLY, ticket="SUP-2", actor=named_actor())
    assert seen.occasion is not None
    again = replace(seen, occasion=replace(seen.occasion, grant=granted), operator=None)
    assert permitted_still(granted, again) is None
    assert standing(granted.actor, granted.organization_id, again) is None
    assert verdict_again(granted, again) == YES
    (asked,) = questions  # once, whichever rule asks
    assert (asked.moment, asked.actor_roles) == (Moment.CONTINUE, ())
    assert (asked.minutes, asked.scope, asked.ticket) == (7, Scope.READ_ONLY, "SUP-2")


def test_limits_of_the_verdict_hold_where_they_are_stricter() -> None:
    for request, minutes in ((ask(), 10), (ask(minutes=5), 5)):
        decision = decide(request, snapshot(occasion=occasion(STRICT)))
        assert isinstance(decision, Permit)
        assert decision.limits.minutes == minutes
        assert decision.limits.scope is Scope.READ_ONLY
    wider = replace(YES, minutes=60, scope=Scope.FULL)
    decision = decide(ask(scope=Scope.READ_ONLY), snapshot(occasion=occasion(wider)))
    assert isinstance(decision, Permit)
    assert (decision.limits.minutes, decision.limits.scope) == (30, Scope.READ_ONLY)


def test_a_grant_is_narrowed_to_the_verdict() -> None:
    held = narrowed(grant(), settings(), STRICT)
    assert (held.minutes, held.scope) == (10, Scope.READ_ONLY)
    running = narrowed(grant(session_ends_at=NOW + timedelta(hours=1)), settings(), STRICT)
    assert running.session_ends_at == NOW + timedelta(minutes=10)


def test_a_no_is_the_last_of_all_rules_and_says_which_policies_decided() -> None:
    denied = decide(ask(), snapshot(occasion=occasion(NO)))
    assert denied == Deny(rule=POLICY_FORBIDS)
    assert denied.verdict == NO
    protected = snapshot(occasion=occasion(NO), subject=subject(protected=True))
    assert decide(ask(), protected) == Deny(rule=SUBJECT_PROTECTED)


def test_a_session_falls_with_its_policies() -> None:
    actor = Actor.from_operator(operator())
    fallen = standing(actor, grant().organization_id, snapshot(occasion=occasion(NO)))
    assert fallen == Deny(rule=POLICY_FORBIDS)
    assert fallen.end_cause is EndCause.POLICY_FORBIDS


def test_nothing_is_asked_about_nobody() -> None:
    assert verdict_again(grant(), snapshot(application=None)) is None
    assert verdict_again(grant(), snapshot(occasion=occasion(NO), subject=None)) is None


def test_a_rule_that_is_asked_without_a_request_takes_the_settings() -> None:
    questions, seen = heard()
    assert verdict_again(grant(), seen) == YES
    (asked,) = questions
    assert (asked.moment, asked.reason, asked.ticket) == (Moment.START, "", None)
    assert (asked.minutes, asked.scope) == (30, Scope.FULL)


def test_rules_that_ask_about_one_thing_put_the_question_once() -> None:
    questions, seen = heard()
    decide(ask(), seen)
    assert len(questions) == 1
    # Another one is asked for itself, and is not taken for what was asked before.
    decide(ask(minutes=5), seen)
    assert [one.minutes for one in questions] == [30, 5]

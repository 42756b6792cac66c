from __future__ import annotations

import pytest

from scripts import reference, wording
from tests.unit.core.factories import application, ask, named_actor, operator, snapshot, subject
from understudy.core.ids import OrganizationId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.principals import Actor
from understudy.core.rules.actor import ACTOR_NOT_ALLOWED
from understudy.core.rules.application import APPLICATION_INACTIVE
from understudy.core.rules.chain import RULES, Chain
from understudy.core.rules.decision import Deny, Permit
from understudy.core.rules.policy import decide, standing
from understudy.core.rules.question import Question, Snapshot
from understudy.core.rules.request import REASON_MISSING
from understudy.core.rules.rule import Lifter, Rule
from understudy.core.rules.subject import SUBJECT_PROTECTED
from understudy.http.principal import ANYBODY
from understudy.http.refusals import refusal

OPERATOR = Actor.from_operator(operator())

QUIET_HOURS = Rule(
    code="quiet_hours",
    text="Nobody works in this application at night.",
    lifted_by=Lifter.ADMIN,
    end_cause=EndCause.RULES_CHANGED,
    refuses=lambda question: question.application.name == "Asleep",
)
LONGER = Chain(rules=(*RULES.rules, QUIET_HOURS), elsewhere=RULES.elsewhere)


def test_a_rule_that_is_added_to_the_chain_needs_nothing_else() -> None:
    asleep = snapshot(application=application(name="Asleep"))
    denied = decide(ask(), asleep, chain=LONGER)
    assert denied == Deny(rule=QUIET_HOURS)
    assert (denied.decided_by, denied.asked[-1]) == ("quiet_hours", "quiet_hours")
    fallen = standing(OPERATOR, OrganizationId("acme"), asleep, chain=LONGER)
    assert fallen is not None
    assert fallen.end_cause is EndCause.RULES_CHANGED
    told = "Nobody works in this application at night. An admin can change this in the "
    assert refusal(QUIET_HOURS, ANYBODY).detail.startswith(told)
    assert '"quiet_hours": {"says": "Nobody works' in wording.rules(LONGER)
    assert "| `quiet_hours` | Nobody works" in reference.refusals(LONGER)


def test_a_decision_explains_itself() -> None:
    permitted = decide(ask(), snapshot())
    assert isinstance(permitted, Permit)
    assert (permitted.decided_by, permitted.asked) == (None, RULES.codes)
    denied = decide(ask(reason=""), snapshot(subject=subject(protected=True)))
    assert denied == Deny(rule=REASON_MISSING)
    assert denied.asked == (
        "application_inactive",
        "impersonation_off",
        "actor_inactive",
        "actor_not_allowed",
        "actor_email_is_operators",
        "nested",
        "actor_frozen",
        "reason_missing",
    )


def test_a_fallen_premise_explains_itself_without_rules_of_the_request() -> None:
    fallen = standing(OPERATOR, OrganizationId("acme"), snapshot(subject=subject(protected=True)))
    assert fallen is not None
    assert fallen.decided_by == "subject_protected"
    assert fallen.asked[-3:] == ("subject_inactive", "subject_is_actor", "subject_protected")
    assert not any(code.startswith(("reason", "ticket", "minutes")) for code in fallen.asked)


def test_an_unknown_application_is_the_first_answer() -> None:
    nowhere = snapshot(application=None)
    assert decide(ask(), nowhere).asked == ("application_inactive",)
    fallen = standing(OPERATOR, OrganizationId("acme"), nowhere)
    assert fallen is not None
    assert (fallen.rule, fallen.asked) == (APPLICATION_INACTIVE, ("application_inactive",))


def test_what_a_request_was_refused_for_ends_no_session_by_itself() -> None:
    assert Deny(rule=REASON_MISSING).end_cause is EndCause.RULES_CHANGED
    assert Deny(rule=SUBJECT_PROTECTED).end_cause is EndCause.SUBJECT_PROTECTED


def test_two_rules_never_share_a_code() -> None:
    twin = Rule(code="nested", text="Again.", lifted_by=Lifter.NOBODY)
    with pytest.raises(ValueError, match="one code"):
        Chain(rules=(*RULES.rules, twin))


def test_a_rule_is_itself_and_shows_its_code_only() -> None:
    one, other = (Rule(code="one", text="No.", lifted_by=Lifter.NOBODY) for _ in range(2))
    assert one != other
    assert repr(one) == "Rule(code='one')"
    assert one.explanation == "No. Nobody can lift this."


@pytest.mark.parametrize("rule", RULES.all, ids=lambda rule: rule.code)
@pytest.mark.parametrize("actor", [OPERATOR, named_actor()], ids=lambda actor: actor.kind)
def test_each_rule_can_be_asked_by_itself(rule: Rule, actor: Actor) -> None:
    nothing = Snapshot(application=None, subject=None)
    question = Question(
        application=application(), actor=actor, organization_id=None, seen=nothing, request=None
    )
    assert isinstance(rule.refuses(question), bool)


def test_an_unknown_operator_is_not_allowed_either() -> None:
    question = Question(
        application=application(),
        actor=OPERATOR,
        organization_id=None,
        seen=snapshot(operator=None),
    )
    assert ACTOR_NOT_ALLOWED.refuses(question)


def test_codes_are_frozen() -> None:
    assert [rule.code for rule in RULES.all] == [
        "application_inactive",
        "impersonation_off",
        "actor_inactive",
        "actor_not_allowed",
        "actor_email_is_operators",
        "nested",
        "actor_frozen",
        "reason_missing",
        "reason_not_text",
        "reason_too_long",
        "reason_too_short",
        "ticket_missing",
        "ticket_not_text",
        "ticket_too_long",
        "minutes_out_of_range",
        "scope_not_allowed",
        "return_to_not_a_path",
        "break_glass_not_allowed",
        "subject_is_honey",
        "subject_unknown",
        "subject_inactive",
        "subject_is_actor",
        "subject_protected",
        "subject_outranks",
        "subject_unranked",
        "subject_is_colleague",
        "organization_mismatch",
        "organization_inactive",
        "consent_missing",
        "policy_forbids",
        "decision_point_refuses",
        "grant_closed",
        "grant_outdated",
        "launch_not_armed",
        "token_unknown",
        "token_foreign",
        "token_expired",
        "token_replayed",
        "token_wrong_wire",
        "redaction_unsupported",
        "token_binding_mismatch",
        "subject_unavailable",
        "unlocks_off",
        "unlock_not_needed",
        "unlock_missing",
        "unlock_closed",
        "too_many_unlocks",
        "decider_is_actor",
        "decider_is_subject",
        "reveal_not_allowed",
        "too_many_reveals",
        "approval_missing",
        "approval_required",
        "approver_not_allowed",
        "approver_is_actor",
        "approver_is_subject",
    ]

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.cedar.questions import QUESTION, policies
from understudy.cedar.judge import CedarJudge
from understudy.core.governance.policies import Moment, PolicyQuestion, PolicyVerdict
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import ActorKind

JUDGE = CedarJudge()
ALL = '@id("everybody") permit (principal, action, resource);\n'


def verdict(text: str, **changes: object) -> PolicyVerdict:
    return JUDGE.judge(policies(text), replace(QUESTION, **changes))  # type: ignore[arg-type]


def test_the_default_permits_what_is_left() -> None:
    assert JUDGE.check(JUDGE.default_text) == ()
    assert verdict(JUDGE.default_text) == PolicyVerdict(permitted=True, deciding=("everybody",))


def test_what_nothing_permits_is_forbidden() -> None:
    only = '@id("managers") permit (principal in Role::"support_manager", action, resource);'
    assert verdict(only, actor_roles=("support_manager",)).permitted
    assert verdict(only, actor_roles=("auditor",)) == PolicyVerdict(permitted=False)
    assert not verdict(only, actor_roles=("of_a_newer_version",)).permitted


CASES: list[tuple[str, dict[str, object]]] = [
    ('resource in Organization::"acme"', {"organization_id": "acme"}),
    ('resource.roles.contains("owner")', {"subject_roles": ("owner", "member")}),
    ("resource.rank >= 50", {"subject_rank": 50}),
    ("resource.protected", {"subject_protected": True}),
    ('resource has email && resource.email like "*@acme.example"', {}),
    (
        'principal.kind == ActorKind::"named_by_application"',
        {"actor_kind": ActorKind("named_by_application")},
    ),
    ('principal.id == "opr_2"', {"actor_id": "opr_2"}),
    ("principal.rank < 100", {"actor_rank": 99}),
    ("!(principal has email)", {"actor_email": None}),
    ('context.reason like "*refund*"', {"reason": "a refund of May"}),
    ("!(context has ticket)", {"ticket": None}),
    ('context.scope == Scope::"full"', {"scope": Scope.FULL}),
    ("context.minutes > 30", {"minutes": 31}),
    ("context.weekday > 5", {"now": QUESTION.now.replace(day=10)}),
    ('context.now.toTime() < duration("8h")', {"now": QUESTION.now.replace(hour=7)}),
    ('context.now > datetime("2026-03-01T00:00:00Z")', {"now": QUESTION.now.replace(month=4)}),
]


@pytest.mark.parametrize(("condition", "met"), CASES, ids=[condition for condition, _ in CASES])
def test_a_policy_can_look_at_each_fact(condition: str, met: dict[str, object]) -> None:
    text = ALL + f'@id("no") forbid (principal, action, resource) when {{ {condition} }};'
    assert JUDGE.check(text) == ()
    assert verdict(text, **met) == PolicyVerdict(permitted=False, deciding=("no",))
    other: dict[str, object] = {
        "subject_email": None,
        "ticket": "SUP-1",
        "scope": Scope.READ_ONLY,
        "subject_rank": 0,
    }
    assert verdict(text, **other).permitted


def test_an_address_is_known_at_the_start_alone_and_only_if_it_is_one() -> None:
    text = ALL + (
        '@id("desk") forbid (principal, action == Action::"start", resource) unless'
        ' { context has address && context.address.isInRange(ip("10.0.0.0/8")) };'
    )
    assert verdict(text, address="10.1.2.3").permitted
    for address in ("192.0.2.1", "2001:db8::1", "testclient", "", None):
        assert not verdict(text, address=address).permitted
    assert verdict(text, moment=Moment.CONTINUE).permitted


def test_the_strictest_terms_of_all_that_permit_hold() -> None:
    text = """
    @id("long") @minutes("40") @approvals("1") permit (principal, action, resource);
    @id("short") @minutes("15") @scope("full") permit (principal, action, resource);
    @id("read") @scope("read_only") @approvals("2") @approvers("approver, admin")
    permit (principal, action, resource);
    @id("never") @minutes("1") permit (principal, action, resource) when { resource.protected };
    """
    assert verdict(text) == PolicyVerdict(
        permitted=True,
        deciding=("long", "short", "read"),
        minutes=15,
        scope=Scope.READ_ONLY,
        quorum=2,
        approvers=("admin", "approver"),
    )


def test_whoever_names_approvers_wants_one() -> None:
    one = '@approvers("approver") permit (principal, action, resource);'
    assert verdict(one).quorum == 1
    both = one + '@approvers("admin") permit (principal, action, resource);'
    assert not verdict(both).permitted
    assert verdict(both).faults


def test_a_group_is_named_among_approvers_and_held_to_by_all_that_permit() -> None:
    one = '@approvers("approver, group:leads") permit (principal, action, resource);'
    assert verdict(one).approvers == ("approver", "group:leads")
    both = one + '@approvers("group:leads, group:dpo") permit (principal, action, resource);'
    assert verdict(both).approvers == ("group:leads",)
    apart = one + '@approvers("group:dpo") permit (principal, action, resource);'
    assert (verdict(apart).permitted, len(verdict(apart).faults)) == (False, 1)


def test_groups_and_tags_are_asked_for_as_they_are() -> None:
    text = ALL + (
        'forbid (principal, action, resource) when { resource.tags.contains("vip") }'
        ' unless { principal.groups.contains("leads") };'
    )
    vip = {"subject_tags": ("late", "vip")}
    assert verdict(text, subject_tags=("vips",)).permitted
    assert not verdict(text, **vip).permitted
    assert not verdict(text, **vip, actor_groups=("lead",)).permitted
    assert verdict(text, **vip, actor_groups=("billing", "leads")).permitted


def test_a_policy_that_errors_forbids_everything() -> None:
    # Checked policies cannot overflow by what they name, but by what they meet.
    text = ALL + (
        '@id("sum") forbid (principal, action, resource)'
        " when { resource.rank + 9223372036854775807 < 0 };"
    )
    found = verdict(text, subject_rank=1)
    assert (found.permitted, found.deciding) == (False, ())
    assert "overflow" in found.faults[0]


@pytest.mark.parametrize(
    "text",
    ["permit (", "permit (principal == ?principal, action, resource);", '@minutes("x")' + ALL],
)
def test_what_cannot_be_read_forbids(text: str) -> None:
    found = verdict(text)
    assert (found.permitted, len(found.faults)) == (False, 1)


@pytest.mark.parametrize("changes", [{"reason": "\ud800"}, {"minutes": 2**70}])
def test_what_cannot_be_asked_is_forbidden(changes: dict[str, object]) -> None:
    (name,) = changes
    of_fact = f"forbid (principal, action, resource) when {{ context.{name} == context.{name} }};"
    found = verdict(ALL + of_fact.replace("==", "!="), **changes)
    assert (found.permitted, len(found.faults)) == (False, 1)


@pytest.mark.parametrize("name", ['a"b', "a\nb", "a\x00b", "ä::\\"])
def test_ids_are_taken_as_they_are(name: str) -> None:
    assert verdict(ALL, actor_id=name, subject_id=name, organization_id=name).permitted


def test_the_same_question_has_the_same_answer() -> None:
    questions = [replace(QUESTION, minutes=minutes) for minutes in (5, 6, 5)]
    assert len({JUDGE.judge(policies(ALL), one) for one in questions}) == 1
    assert isinstance(hash(QUESTION), int)
    assert isinstance(QUESTION, PolicyQuestion)


def test_a_fault_of_ours_is_a_no_and_keeps_nobody_from_ending_what_falls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr("understudy.cedar.decide.decided", broken)
    assert verdict(ALL) == PolicyVerdict(permitted=False, faults=("LookupError",))


def test_a_change_is_let_through_by_all_that_permit_or_by_none() -> None:
    both = '@unlocks("POST /notes, PUT /plan") permit (principal, action, resource);'
    assert verdict(both).unlocks == (("POST /notes", "PUT /plan"),)
    assert verdict(both + "permit (principal, action, resource);").unlocks == ()

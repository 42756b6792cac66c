from __future__ import annotations

import pytest

from understudy.cedar.check import MOST_POLICIES, faults_in
from understudy.core.governance.policies import MOST_LETTERS

ALL = '@id("everybody") permit (principal, action, resource);\n'


def said(text: str) -> str:
    return " | ".join(fault.message for fault in faults_in(text))


FAULTS = [
    ("", "No policy permits the action"),
    ("permit (", "unexpected end of input"),
    ('permit (principal, action == Action::"start", resource);', 'action "continue"'),
    ('permit (principal, action in [Action::"continue"], resource);', 'action "start"'),
    ("permit (principal == ?principal, action, resource);", "Templates are not used"),
    ('permit (principal in Role::"manager", action, resource);', "not declared"),
    (
        ALL + 'forbid (principal, action, resource) when { resource.roles == "x" };',
        "not compatible",
    ),
    (
        ALL + "forbid (principal, action, resource) when { context.address.isLoopback() };",
        "address",
    ),
    ('@minute("5") permit (principal, action, resource);', "@minute is not known"),
    ('@minutes("61") permit (principal, action, resource);', "1 to 60"),
    ('@minutes("ten") permit (principal, action, resource);', "1 to 60"),
    ('@scope("some") permit (principal, action, resource);', "full, read_only"),
    ('@approvals("0") permit (principal, action, resource);', "1 to 5"),
    ('@approvers("boss") permit (principal, action, resource);', "@approvers are some of"),
    ('@approvers("group:The Leads") permit (principal, action, resource);', "group:billing-leads"),
    ("@approvers permit (principal, action, resource);", "@approvers are some of"),
    ("@id permit (principal, action, resource);", "@id needs a name"),
    (ALL + '@minutes("5") forbid (principal, action, resource);', "Limits stand on what permits"),
    (ALL + ALL, "Two policies have this name"),
    (ALL * (MOST_POLICIES + 1), "at most 500"),
    (" " * (MOST_LETTERS + 1), "at most 65,536"),
    (ALL + "// x\u2028forbid (principal, action, resource);", "U+2028 (LINE SEPARATOR)"),
    (ALL + "// x\rforbid (principal, action, resource);", "character 5 of line 2"),
    ('@id("a\u200db") permit (principal, action, resource);', "U+200D"),
]


@pytest.mark.parametrize(("text", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_what_cannot_be_held_to_is_refused(text: str, message: str) -> None:
    assert message in said(text)


def test_lines_may_end_as_on_windows_and_hold_tabs() -> None:
    assert faults_in(ALL.replace("\n", "\r\n") + "\t// x\r\n") == ()


def test_a_fault_names_its_policy() -> None:
    (fault,) = faults_in('@id("mine") @minutes("0") permit (principal, action, resource);')
    assert fault.policy == "mine"


def test_permits_may_cover_the_moments_between_them() -> None:
    text = (
        'permit (principal, action == Action::"start", resource);'
        'permit (principal, action in [Action::"continue"], resource);'
    )
    assert faults_in(text) == ()
    assert faults_in('permit (principal, action in Action::"impersonate", resource);') == ()


NEVER = [
    "context.minutes > 60",
    "resource.rank < 3 && resource.rank > 5",
    'resource.roles.contains("a") && !resource.roles.contains("a")',
    'context.now > datetime("2026-05-01") && context.now < datetime("2026-04-01")',
    'context.scope == Scope::"full" && context.scope == Scope::"read_only"',
    "resource.rank > 1000",
    # Tags are stored in small letters, and so are groups.
    'resource.tags.contains("VIP")',
    'principal.groups.contains("Billing Team")',
]


@pytest.mark.parametrize("condition", NEVER)
def test_a_forbid_that_never_forbids_is_found(condition: str) -> None:
    text = ALL + f'@id("no") forbid (principal, action, resource) when {{ {condition} }};'
    (fault,) = faults_in(text)
    assert (fault.policy, fault.message[:17]) == ("no", "Nothing was found")


SOMETIMES = [
    "context.minutes > 45 && resource.rank >= 40 && principal.rank < 900",
    'resource.roles.contains("a") && resource.roles.contains("b")',
    'resource.roles.containsAny(["a", "b"])',
    'resource.tags.containsAll(["vip", "two words"]) && !principal.groups.contains("leads")',
    'principal.groups.contains("leads") && !principal.groups.contains("dpo")',
    "resource.tags.isEmpty()",
    'context has ticket && context.ticket like "SUP-*"',
    '!(context has ticket) && context.reason == "x"',
    'context.now > datetime("2026-05-01T00:00:00Z") && context.now < datetime("2026-05-02")',
    'context.weekday == 7 && context.now.toTime() > duration("17h30m")',
    'resource in Organization::"acme" && resource.protected',
    'principal in Role::"auditor" && !(principal in Role::"admin")',
    'principal == Actor::"opr_9" && resource == Subject::"ada" && resource.id != principal.id',
    'principal.kind == ActorKind::"named_by_application" && !(principal has email)',
    "if resource.rank > 5 then context.minutes > 5 else false",
]


@pytest.mark.parametrize("condition", SOMETIMES)
def test_a_forbid_that_sometimes_forbids_is_sound(condition: str) -> None:
    text = ALL + f"forbid (principal, action, resource) when {{ {condition} }};"
    assert faults_in(text) == ()


def test_an_address_is_tried_at_the_start() -> None:
    for condition in (
        'context has address && context.address.isInRange(ip("10.0.0.0/8"))',
        "context has address && context.address.isIpv6()",
        "!(context has address)",
    ):
        text = (
            ALL + f'forbid (principal, action == Action::"start", resource) when {{ {condition} }};'
        )
        assert faults_in(text) == ()


def test_what_takes_long_to_try_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.cedar.firing.MOST_TRIED_IN_ALL", 2)
    one = '@id("{}") forbid (principal, action, resource) when {{ context.minutes > {} }};'
    first = one.format("first", 60)
    assert "Nothing was found" in said(ALL + first)
    text = ALL + first + one.format("second", 1)
    assert [(fault.policy, fault.message[:12]) for fault in faults_in(text)] == [
        ("first", "Nothing was "),
        ("second", "It was not t"),
    ]


@pytest.mark.parametrize("routes", ["", "/notes", "* /notes", "POST /**", "POST /notes PUT /a"])
def test_what_lets_changes_through_names_routes_with_their_method(routes: str) -> None:
    (fault,) = faults_in(f'@unlocks("{routes}") permit (principal, action, resource);')
    assert fault.message.startswith("@unlocks are routes")


def test_a_forbid_lets_nothing_through() -> None:
    text = ALL + '@id("no") @unlocks("POST /a") forbid (principal, action, resource);'
    assert [fault.policy for fault in faults_in(text)] == ["no"]

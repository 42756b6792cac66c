"""Policies as admins write them, and what each says, told in Python by whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_ALL = '@id("everybody") permit (principal, action, resource);\n'
_PLANS = (
    '@id("plans") @scope("read_only") @unlocks("POST /billing/{id}/plan")'
    " permit (principal, action, resource);\n"
)
_BOTH_PLANS = frozenset({"a plan", "a bigger plan"})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who would go on as whom, and at which hour of the day."""

    roles: frozenset[str]
    groups: frozenset[str]
    subject: str
    subject_roles: tuple[str, ...]
    subject_tags: frozenset[str]
    hour: float


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a policy leaves of it."""

    permits: bool = True
    only_reading: bool = False
    minutes: int = 60
    quorum: int = 0
    lets: frozenset[str] = frozenset()
    """Single changes that nobody has to decide about."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A text, and what it says to a session that goes on."""

    name: str
    text: str | None
    says: Callable[[Asked], Terms]


def _policy(name: str, text: str, says: Callable[[Asked], Terms]) -> Policy:
    return Policy(name=name, text=_ALL + text, says=says)


EVERYBODY = Policy(name="everybody", text=_ALL, says=lambda _: Terms())
POLICIES = (
    EVERYBODY,
    Policy(
        name="short",
        text='@id("short") @minutes("10") @scope("read_only")'
        " permit (principal, action, resource);",
        says=lambda _: Terms(only_reading=True, minutes=10),
    ),
    Policy(
        name="agreed",
        text='@id("agreed") @approvals("1") permit (principal, action, resource);',
        says=lambda _: Terms(quorum=1),
    ),
    Policy(
        name="error",
        # Larger than any number that Cedar knows, so that nobody can say what it permits.
        text='@id("error") permit (principal, action, resource)'
        " when { context.minutes * 9223372036854775807 > 0 };",
        says=lambda _: Terms(permits=False),
    ),
    _policy(
        "not ada",
        '@id("not-ada") forbid (principal, action, resource == Subject::"ada");',
        lambda asked: Terms(permits=asked.subject != "ada"),
    ),
    _policy(
        "not after ten",
        '@id("by-day") forbid (principal, action, resource)'
        ' when { context.now.toTime() > duration("10h") };',
        lambda asked: Terms(permits=asked.hour <= 10),
    ),
    _policy(
        "reading after ten",
        '@id("late") @scope("read_only") permit (principal, action, resource)'
        ' when { context.now.toTime() > duration("10h") };',
        lambda asked: Terms(only_reading=asked.hour > 10),
    ),
    _policy(
        "careful with finance",
        '@id("careful") @scope("read_only") @minutes("7") permit (principal, action, resource)'
        ' when { resource.roles.contains("finance") };',
        lambda asked: (
            Terms(only_reading=True, minutes=7) if "finance" in asked.subject_roles else Terms()
        ),
    ),
    _policy(
        "nobody's key account",
        '@id("key") forbid (principal, action, resource)'
        ' when { resource.roles.contains("key_account") };',
        lambda asked: Terms(permits="key_account" not in asked.subject_roles),
    ),
    _policy(
        "approvers read",
        '@id("approvers") @scope("read_only") permit'
        ' (principal in Role::"approver", action, resource);',
        lambda asked: Terms(only_reading="approver" in asked.roles),
    ),
    _policy(
        "the inner circle alone",
        '@id("circle") forbid (principal, action, resource)'
        ' when { resource.tags.contains("vip") } unless { principal.groups.contains("leads") };',
        lambda asked: Terms(permits="vip" not in asked.subject_tags or "leads" in asked.groups),
    ),
    _policy(
        "trainees read",
        '@id("trainees") @scope("read_only") @minutes("9") permit (principal, action, resource)'
        ' when { principal.groups.contains("trainees") };',
        lambda asked: (
            Terms(only_reading=True, minutes=9) if "trainees" in asked.groups else Terms()
        ),
    ),
    Policy(
        name="plans",
        text=_PLANS,
        says=lambda _: Terms(only_reading=True, lets=_BOTH_PLANS),
    ),
    Policy(
        name="plans, but those of finance",
        # Where one that permits says nothing of them, people decide.
        text=_PLANS + '@id("finance") permit (principal, action, resource)'
        ' when { resource.roles.contains("finance") };',
        says=lambda asked: Terms(
            only_reading=True,
            lets=frozenset() if "finance" in asked.subject_roles else _BOTH_PLANS,
        ),
    ),
)
BY_THE_HOUR = tuple(one for one in POLICIES if one.name.endswith("after ten"))

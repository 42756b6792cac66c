"""Policies of an application."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.governance.policies import MOST_LETTERS
from understudy.core.governance.policy_terms import MOST_DELAY_HOURS, Confirmation
from understudy.core.impersonation.restrictions import Scope
from understudy.core.rules.rule import Lifter
from understudy.http.shapes import (
    Answer,
    GivenOrganizationId,
    GivenSubjectId,
    Groups,
    Id,
    Input,
    Time,
)

PolicyText = Annotated[str, msgspec.Meta(max_length=MOST_LETTERS)]


class PolicyTermsShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it takes to change policies: nothing, another admin, or a wait of `delay_hours`."""

    confirmation: Confirmation = Confirmation.NONE
    delay_hours: Annotated[int, msgspec.Meta(ge=1, le=MOST_DELAY_HOURS)] = 24


class PolicyInput(Input, frozen=True, kw_only=True):
    """Policies in Cedar."""

    text: PolicyText


class PutPolicies(PolicyInput, frozen=True, kw_only=True):
    """Policies in Cedar, and which version they are to replace: null where none is in force.

    Where another one is in force by now, it is a 409 with the rule `policies_replaced`. Without
    `replaces` nobody is asked what they have looked at.
    """

    replaces: Annotated[int, msgspec.Meta(ge=1)] | UnsetType | None = UNSET


class PolicySetAnswer(Answer, frozen=True, kw_only=True):
    """One version. It waits to be confirmed while both `confirmed_at` and `withdrawn_at` are null.

    `set_by` and `confirmed_by` are names, for people.
    """

    id: str
    version: int
    text: str
    set_by: str
    set_at: Time
    confirmable_at: Time
    confirmed_by: str | None
    confirmed_at: Time | None
    withdrawn_at: Time | None


class PoliciesAnswer(Answer, frozen=True, kw_only=True):
    """What holds and what waits to be confirmed; null where there is nothing.

    `default_text` changes nothing where it holds. `version` is that in force: where it is given and
    `in_force` is null, somebody changed what is stored, and everything is forbidden.
    """

    version: int | None
    in_force: PolicySetAnswer | None
    proposed: PolicySetAnswer | None
    default_text: str


class PolicyFaultAnswer(Answer, frozen=True, kw_only=True):
    """What is wrong, and with which policy where it is one."""

    policy: str | None
    message: str


class PolicyCheckAnswer(Answer, frozen=True, kw_only=True):
    """Nothing is wrong where there are no faults."""

    faults: list[PolicyFaultAnswer]


class Simulate(Input, frozen=True, kw_only=True):
    """Who would ask for what. The actor is an operator, by id or e-mail, or else somebody whom the
    application would name, in `actor_groups` if it says so.

    `text` are policies to try in place of those in force; `now` and `address` where and when
    somebody would ask.
    """

    subject_id: GivenSubjectId
    operator: Id | UnsetType = UNSET
    actor_id: Id | UnsetType = UNSET
    actor_groups: Groups | UnsetType = UNSET
    organization_id: GivenOrganizationId | UnsetType = UNSET
    reason: Annotated[str, msgspec.Meta(max_length=2000)] = "Trying what the policies say"
    ticket: Annotated[str, msgspec.Meta(max_length=400)] | UnsetType = UNSET
    minutes: int | UnsetType = UNSET
    scope: Scope | UnsetType = UNSET
    now: Time | UnsetType = UNSET
    address: Annotated[str, msgspec.Meta(max_length=64)] | UnsetType = UNSET
    text: PolicyText | UnsetType = UNSET


class RuleAsked(Answer, frozen=True, kw_only=True):
    """A rule, asked by itself."""

    code: str
    refuses: bool
    text: str
    lift: str
    lifted_by: Lifter


class VerdictAnswer(Answer, frozen=True, kw_only=True):
    """What the policies say; `deciding` are the names of those that decided. `unlocks` are routes
    at which a single change, asked for in a session that only reads, is allowed at once.
    """

    permitted: bool
    deciding: list[str]
    minutes: int | None
    scope: Scope | None
    approvals: int
    approvers: list[str]
    unlocks: list[str]
    faults: list[str]


class OpinionAnswer(Answer, frozen=True, kw_only=True):
    """What a decision point said: `reason` is its own text, and `fault` why there was no answer."""

    permitted: bool
    reason: str | None
    fault: str | None


class SimulatedAnswer(Answer, frozen=True, kw_only=True):
    """What would be decided; `decided_by` is the rule that refuses, `minutes` and `scope` are what
    would be granted, at once where it is `permitted`, and else when as many as `approvals` agree.
    """

    permitted: bool
    approvals: int
    decided_by: str | None
    minutes: int | None
    scope: Scope | None
    rules: list[RuleAsked]
    policies: VerdictAnswer | None
    decision_point: OpinionAnswer | None

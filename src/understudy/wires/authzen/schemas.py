"""What is asked and answered by AuthZEN's Authorization API 1.0, sections 5 and 6.

What enforcement points add to a question is for others: members that are not named here are passed
over, as the specification has them be.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from understudy.core.impersonation.restrictions import Scope
from understudy.http.shapes import Answer, GivenOrganizationId, GivenSubjectId, Groups, Id

_Type = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a question."""


class EvaluationSubjectProperties(_Part, frozen=True, kw_only=True):
    """What else the application says of the actor; policies look at `groups`."""

    email: Annotated[str, msgspec.Meta(max_length=320)] | None = None
    name: Annotated[str, msgspec.Meta(max_length=255)] | None = None
    groups: Groups | None = None


class EvaluationSubject(_Part, frozen=True, kw_only=True):
    """Who would act: in our words, the actor, as the application names them."""

    type: _Type
    id: Id
    properties: EvaluationSubjectProperties = EvaluationSubjectProperties()


class EvaluationAction(_Part, frozen=True, kw_only=True):
    """What would be done; `impersonate` is all that is decided here."""

    name: _Type


class EvaluationResourceProperties(_Part, frozen=True, kw_only=True):
    """Within which organization."""

    organization_id: GivenOrganizationId | None = None


class EvaluationResource(_Part, frozen=True, kw_only=True):
    """Whom somebody would become: a `user` of the application, by its own id."""

    type: _Type
    id: GivenSubjectId
    properties: EvaluationResourceProperties = EvaluationResourceProperties()


class EvaluationContext(_Part, frozen=True, kw_only=True):
    """What for, for how long and how far."""

    reason: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    ticket: Annotated[str, msgspec.Meta(max_length=400)] | None = None
    minutes: int | None = None
    scope: Scope | None = None


class Evaluation(_Part, frozen=True, kw_only=True):
    """One question (section 6.1)."""

    subject: EvaluationSubject
    action: EvaluationAction
    resource: EvaluationResource
    context: EvaluationContext = EvaluationContext()


class EvaluationDecision(Answer, frozen=True, kw_only=True):
    """Yes or no (section 5.5). `context` has `minutes` and `scope` of what would be granted, or
    `reason`: the rule that refuses, with `approvals` where it is only that others have to agree.
    """

    decision: bool
    context: dict[str, Any]

"""Several questions at once, and what is answered to them: AuthZEN's Authorization API 1.0,
section 7, and the metadata of section 9.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from understudy.http.shapes import Answer
from understudy.wires.authzen.schemas import (
    EvaluationAction,
    EvaluationContext,
    EvaluationDecision,
    EvaluationResource,
    EvaluationSubject,
)

MOST_AT_ONCE = 50


class Semantic(StrEnum):
    """When the rest is left unanswered."""

    EXECUTE_ALL = "execute_all"
    DENY_ON_FIRST_DENY = "deny_on_first_deny"
    PERMIT_ON_FIRST_PERMIT = "permit_on_first_permit"


class EvaluationParts(msgspec.Struct, frozen=True, kw_only=True):
    """A question, or a part of one: what is absent is as it is said for all."""

    subject: EvaluationSubject | UnsetType = UNSET
    action: EvaluationAction | UnsetType = UNSET
    resource: EvaluationResource | UnsetType = UNSET
    context: EvaluationContext | UnsetType = UNSET


class EvaluationsOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How they are answered."""

    evaluations_semantic: Semantic = Semantic.EXECUTE_ALL


class Evaluations(EvaluationParts, frozen=True, kw_only=True):
    """Several questions. Without `evaluations` what is said for all is the only one."""

    evaluations: Annotated[list[EvaluationParts], msgspec.Meta(max_length=MOST_AT_ONCE)] = []
    options: EvaluationsOptions = EvaluationsOptions()


class EvaluationsDecision(Answer, frozen=True, kw_only=True):
    """Decisions in the order of the questions, as many as were answered; else the one decision."""

    evaluations: list[EvaluationDecision] | UnsetType = UNSET
    decision: bool | UnsetType = UNSET
    context: dict[str, Any] | UnsetType = UNSET


class DecisionPointMetadata(Answer, frozen=True, kw_only=True):
    """Who decides here, and where it is asked."""

    policy_decision_point: str
    access_evaluation_endpoint: str
    access_evaluations_endpoint: str

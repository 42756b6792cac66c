"""A decision point, and a change of what guards decisions that waits."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.governance.decision_points import LEAST_MS, MOST_MS
from understudy.http.shapes import Answer, Id, Input, Time, Url
from understudy.wires.native.schemas.policies import OpinionAnswer, PolicyTermsShape

_Credential = Annotated[str, msgspec.Meta(max_length=4096, pattern="^[!-~]+( [!-~]+)?$")]
_Timeout = Annotated[int, msgspec.Meta(ge=LEAST_MS, le=MOST_MS)]


class SetDecisionPoint(Input, frozen=True, kw_only=True):
    """Where AuthZEN's `/access/v1/evaluation` of the decision point is.

    `credential` is sent as a Bearer token, or as it is where it names a scheme itself. It is kept
    encrypted and shown to nobody again; without it the one from before stays, if the URL does too.
    """

    url: Url
    timeout_ms: _Timeout = 1_000
    credential: _Credential | UnsetType | None = UNSET


class TryDecisionPoint(Input, frozen=True, kw_only=True):
    """Another URL, time or credential than those that are set, before they are."""

    url: Url | UnsetType = UNSET
    timeout_ms: _Timeout | UnsetType = UNSET
    credential: _Credential | UnsetType | None = UNSET
    actor_id: Id = "understudy-test"
    subject_id: Id = "understudy-test"


class TriedDecisionPoint(OpinionAnswer, frozen=True, kw_only=True):
    """It works where `fault` is null, whatever it says."""

    milliseconds: int


class DecisionPointAnswer(Answer, frozen=True, kw_only=True):
    """A decision point, without its credential."""

    url: str
    timeout_ms: int
    has_credential: bool


class LooseningAnswer(Answer, frozen=True, kw_only=True):
    """A change that waits to be confirmed: of `policy_changes`, or else to this `decision_point`,
    or to none. `set_by` is a name, for people.
    """

    id: str
    policy_changes: PolicyTermsShape | None
    decision_point: DecisionPointAnswer | None
    set_by: str
    set_at: Time
    confirmable_at: Time


class SafeguardsAnswer(Answer, frozen=True, kw_only=True):
    """What guards an application's decisions, and what waits to loosen it."""

    policy_changes: PolicyTermsShape
    decision_point: DecisionPointAnswer | None
    waiting: LooseningAnswer | None

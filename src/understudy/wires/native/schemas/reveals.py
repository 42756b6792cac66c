"""A hidden field that somebody asks to see for a while."""

from __future__ import annotations

from typing import Annotated

import msgspec

from understudy.core.impersonation.grants import REASON_MAX_LENGTH
from understudy.core.redaction.lifted import PATH_MAX_LENGTH
from understudy.core.redaction.rules import RuleKind
from understudy.http.shapes import Answer, Input, Time


class RevealField(Input, frozen=True, kw_only=True):
    """What is wanted, by the rule that hides it, at which address of the app, and why."""

    kind: RuleKind
    match: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    path: Annotated[str, msgspec.Meta(min_length=1, max_length=PATH_MAX_LENGTH)]
    reason: Annotated[str, msgspec.Meta(max_length=4 * REASON_MAX_LENGTH)]


class RevealAnswer(Answer, frozen=True, kw_only=True):
    """What is shown, and until when; never a value."""

    id: str
    session_id: str
    kind: RuleKind
    match: str
    path: str
    expires_at: Time

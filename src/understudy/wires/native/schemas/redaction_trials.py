"""A sample of an app's answers, and what rules would make of it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.redaction.rules import RuleKind
from understudy.http.shapes import Answer, Input
from understudy.wires.native.schemas.impersonations import RedactionShape

MOST_LETTERS = 16_384


class TryRedaction(Input, frozen=True, kw_only=True):
    """An answer of the app, as it is sent; by `redaction`, saved or not, or as the settings are."""

    sample: Annotated[str, msgspec.Meta(max_length=MOST_LETTERS)]
    kind: Literal["json", "html", "csv", "text"] = "json"
    redaction: RedactionShape | UnsetType = UNSET


class HiddenByRule(Answer, frozen=True, kw_only=True):
    """What one rule hides by itself, shortened; `kind` and `match` are null for secrets and tokens.

    A rule `can_be_tried` here unless it takes what only the app has.
    """

    kind: RuleKind | None
    match: str | None
    hid: list[str]
    can_be_tried: bool


class RedactionTried(Answer, frozen=True, kw_only=True):
    """What an actor would see; null where it is held back, as it cannot be looked through."""

    shown: str | None
    by: list[HiddenByRule]

"""What stands in place of a hidden value."""

from __future__ import annotations

from understudy.core.redaction.rules import Deed

# NOTE: guards of every version know a mask again by these letters: they cannot be changed.
HIDDEN = "HiddenByUnderstudy"
"""Letters alone, which no encoding of a form changes; whatever case they come back in."""


def text_for(deed: Deed) -> str:
    """What a hidden text becomes where it stays a text."""
    return HIDDEN if deed is Deed.MASK else ""


def holds_mask(text: str) -> bool:
    """Whether ``text`` brings a mask back."""
    return HIDDEN.casefold() in text.casefold()

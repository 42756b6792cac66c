"""What cannot be bound."""

from __future__ import annotations

from understudy.errors import Signal


class Unbound(Signal):
    """This request has no form in which it would be known again."""

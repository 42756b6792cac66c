"""What cannot be bound."""

from __future__ import annotations


class Unbound(Exception):
    """This request has no form in which it would be known again."""

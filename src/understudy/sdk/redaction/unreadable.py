"""What cannot be read is not passed on."""

from __future__ import annotations

from understudy.errors import Signal

CODE = "redaction_unreadable"


class Unreadable(Signal, ValueError):
    """The app's answer is not what it says it is, so that nobody can say what stands in it."""

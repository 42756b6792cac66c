"""What the process says about itself."""

from __future__ import annotations

from typing import Literal

from understudy.http.shapes import Answer


class Health(Answer, frozen=True, kw_only=True):
    """All is well; anything else is a problem document."""

    status: Literal["ok"]


class Readiness(Answer, frozen=True, kw_only=True):
    """Requests are served. ``clock`` says what keeps nobody from ending sessions.

    ``in_doubt``: it has leapt, and nothing is erased until that is settled. ``behind``: the log has
    entries from the future, and no session begins. ``unconfirmed``: retention waits for an admin.
    """

    status: Literal["ok"]
    clock: Literal["ok", "in_doubt", "behind", "unconfirmed"]

"""Whether the app's user is the subject, which is not taken on anybody's word."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from understudy.sdk.values import Subject

_LOG = logging.getLogger("understudy")
UserId = Callable[[Any], object]


class Identity:
    """Compares users by ``user_id``, as text. With ``loads`` the app has users to be loaded."""

    def __init__(self, user_id: UserId | None = None, *, loads: bool) -> None:
        self.loads = loads
        self._user_id = user_id or default_user_id

    def is_subject(self, user: object, subject: Subject) -> bool:
        """True when ``user`` has the subject's id; None, and a user without an id, is nobody."""
        if user is None:
            return False
        found = self._user_id(user)
        if found is None:
            _LOG.error(
                "A user has no id: give UnderstudyMiddleware user_id=, which finds it",
                extra={"action": "identify_user"},
            )
        return found is not None and str(found) == subject.id

    def contradicts(self, user: object, subject: Subject) -> bool:
        """True when ``user``, whom the app has found out by itself, is somebody else."""
        found = self._user_id(user) if user is not None else None
        return found is not None and str(found) != subject.id


def default_user_id(user: object) -> object:
    """The user's ``id``, as a key or as an attribute."""
    return user.get("id") if isinstance(user, Mapping) else getattr(user, "id", None)

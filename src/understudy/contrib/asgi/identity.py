"""Whom the app shall serve: the subject as one of the app's own users."""

from __future__ import annotations

import asyncio
import inspect
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from understudy.contrib.asgi.types import Scope
from understudy.sdk.values import Subject

_LOG = logging.getLogger("understudy")
LoadUser = Callable[[Subject], Any | Awaitable[Any]]
UserId = Callable[[Any], object]
LoadAuth = Callable[[Any], object]


class IdentityNotApplied(Exception):
    """The app has no such user, or gave another one."""


class OverlaidScope(dict[str, Any]):
    """A scope in which ``pinned`` keys stay as they are.

    The app's own authentication runs inside of us, and writes who the agent is; the agent's sign-in
    stays untouched, but is not who this request is for.
    """

    def __init__(self, scope: Scope, pinned: Mapping[str, Any]) -> None:
        super().__init__(scope)
        super().update(pinned)
        self._pinned = frozenset(pinned)

    def __setitem__(self, key: str, value: object) -> None:
        if key not in self._pinned:
            super().__setitem__(key, value)

    def update(self, *args: object, **kwargs: object) -> None:
        """As ever, pinned keys aside."""
        changes: dict[str, object] = dict(*args, **kwargs)
        for key, value in changes.items():
            self[key] = value


class Identity:
    """Calls the app's ``load_user``, and does not take its word for it."""

    def __init__(
        self,
        load_user: LoadUser | None,
        user_id: UserId | None = None,
        load_auth: LoadAuth | None = None,
    ) -> None:
        self._load_auth = load_auth or plain_credentials
        self._load_user = load_user
        self._user_id = user_id or default_user_id
        self._is_async = load_user is not None and inspect.iscoroutinefunction(
            load_user if inspect.isroutine(load_user) else getattr(load_user, "__call__", None)  # noqa: B004
        )

    async def user_of(self, subject: Subject) -> object:
        """The app's user who is ``subject``; None without ``load_user``.

        :raises IdentityNotApplied: there is none, or it is somebody else.
        """
        if self._load_user is None:
            return None
        # A plain function may well read from a database: not on the event loop.
        user = (
            self._load_user(subject)
            if self._is_async
            else await asyncio.to_thread(self._load_user, subject)
        )
        if inspect.isawaitable(user):
            user = await user
        if user is None or not self.is_subject(user, subject):
            raise IdentityNotApplied
        return user

    def pinned(self, user: object) -> dict[str, object]:
        """What the scope says of the user, whatever the app's own authentication finds."""
        if self._load_user is None:
            return {}
        return {"user": user, "auth": self._load_auth(user)}

    def is_subject(self, user: object, subject: Subject) -> bool:
        """True when ``user`` has the subject's id, as text."""
        found = self._user_id(user)
        if found is None:
            _LOG.error("A user has no id: give UnderstudyMiddleware user_id=, which finds it")
        return found is not None and str(found) == subject.id

    def contradicts(self, scope: Scope, subject: Subject) -> bool:
        """True when the app has found out by itself that somebody else asks."""
        user = scope.get("user")
        found = self._user_id(user) if user is not None else None
        return found is not None and str(found) != subject.id


def default_user_id(user: object) -> object:
    """The user's ``id``, as a key or as an attribute."""
    return user.get("id") if isinstance(user, Mapping) else getattr(user, "id", None)


def plain_credentials(_: object) -> object:
    """What stands beside the user in the scope: that somebody is signed in, and no more.

    The agent's own rights must not add to the subject's.
    """
    starlette = sys.modules.get("starlette.authentication")
    return starlette.AuthCredentials(["authenticated"]) if starlette else None

"""The app's users in an ASGI app: how they are loaded, and where the app finds them."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from understudy.contrib.asgi.types import Scope
from understudy.sdk.asked_by import PINNED
from understudy.sdk.context import Present
from understudy.sdk.passage.calling import call
from understudy.sdk.values import Subject

_TELLING = frozenset({"user", PINNED})
LoadUser = Callable[[Subject], Any | Awaitable[Any]]
LoadAuth = Callable[[Any], object]


class OverlaidScope(dict[str, Any]):
    """A scope in which ``pinned`` keys stay as they are.

    The app's own authentication runs inside of us, and writes who the agent is; the agent's sign-in
    stays untouched, but is not who this request is for.
    """

    def __init__(
        self, scope: Scope, pinned: Mapping[str, Any], present: Present | None = None
    ) -> None:
        super().__init__(scope)
        super().update(pinned)
        self._pinned = frozenset(pinned)
        self._present = present

    def __getitem__(self, key: str) -> object:
        """As ever; who looks at what says whom the request is for has asked that."""
        if key in _TELLING:
            self._note(key)
        return super().__getitem__(key)

    def get(self, key: str, default: object = None) -> object:
        """As ever, with the same note."""
        if key in _TELLING:
            self._note(key)
        return super().get(key, default)

    def _note(self, key: str) -> None:
        if self._present is not None and key in self._pinned:
            self._present.asked = True

    def settled(self) -> object:
        """The user on whom the app has settled, looked at by nobody."""
        return super().get("user")

    def __setitem__(self, key: str, value: object) -> None:
        if key not in self._pinned:
            super().__setitem__(key, value)

    def update(self, *args: object, **kwargs: object) -> None:
        """As ever, pinned keys aside."""
        changes: dict[str, object] = dict(*args, **kwargs)
        for key, value in changes.items():
            self[key] = value


class AskedState(dict[str, Any]):
    """A request's state, which notes who looks at the subject's user in it."""

    def __init__(self, state: Mapping[str, Any], present: Present) -> None:
        super().__init__(state, understudy_user=present.impersonation.user)
        self._present = present

    def __getitem__(self, key: str) -> object:
        """As ever."""
        if key == "understudy_user":
            self._present.asked = True
        return super().__getitem__(key)


class Users:
    """Calls the app's ``load_user``, plain or async."""

    def __init__(self, load_user: LoadUser | None, load_auth: LoadAuth | None = None) -> None:
        self._load_auth = load_auth or plain_credentials
        self._load_user = load_user

    async def load(self, subject: Subject) -> object:
        """Whom the app takes for ``subject``; None without ``load_user``."""
        return None if self._load_user is None else await call(self._load_user, subject)

    def pinned(self, user: object) -> dict[str, object]:
        """What the scope says of the user, whatever the app's own authentication finds."""
        if self._load_user is None:
            return {}
        return {"user": user, "auth": self._load_auth(user)}


def plain_credentials(_: object) -> object:
    """What stands beside the user in the scope: that somebody is signed in, and no more.

    The agent's own rights must not add to the subject's.
    """
    starlette = sys.modules.get("starlette.authentication")
    return starlette.AuthCredentials(["authenticated"]) if starlette else None

"""What is laid over a request: the subject in place of whom the app's sign-in would find."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from functools import lru_cache, partial
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.utils.functional import LazyObject, SimpleLazyObject, empty

from understudy.contrib.django.errors import NobodyToServe
from understudy.contrib.django.words import put_headers
from understudy.sdk.context import Impersonation
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.steps import Lazily, LoadUser
from understudy.sdk.scope import Scope
from understudy.sdk.values import Actor, Subject

_PASSAGE = "_understudy_passage"
_LATE = "_understudy_late"
_PAGE_KEYS = "django.utils.cache"
"""The module that makes a page's key in a cache, of its address; nothing else of it can be set."""


class LateUser:
    """The app's user for a session's subject, loaded when somebody looks, and once."""

    def __init__(self, request: HttpRequest, load: Callable[[Subject], object]) -> None:
        self._request = request
        self._load = load
        self._step: LoadUser | None = None
        self._loaded: object = None
        self._has_loaded = False
        self.lazy = SimpleLazyObject(self.get)

    def answer(self, step: LoadUser, *, now: bool) -> object:
        """What the passage is sent for ``step``: the user ``now``, or who will be one."""
        self._step = step
        if now:
            self._loaded, self._has_loaded = self._load(step.subject), True
            return self._loaded
        return Lazily(self.lazy)

    def get(self) -> object:
        """The user.

        :raises NobodyToServe: there is none, or it is not the subject.
        """
        session = getattr(self._request, "session", None)
        if session is not None:
            # So that the page says by what it differs, as for everybody who is signed in.
            session.accessed = True
        step = self._step
        if step is None:
            raise NobodyToServe
        if not self._has_loaded:
            self._loaded, self._has_loaded = self._load(step.subject), True
        if not step.found(self._loaded):
            raise NobodyToServe
        return self._loaded

    async def aget(self) -> object:
        """The same beside an event loop."""
        return self.get() if self._has_loaded else await sync_to_async(self.get)()


def lay_over(request: HttpRequest, scope: Scope, passage: Passage, late: LateUser) -> None:
    """Let the app see the subject in ``request``, and nothing of the agent's."""
    crossing = passage.crossing
    headers = crossing.to_app(scope["headers"])
    put_headers(request, headers, crossing.scheme, passage.pinned())
    request._cached_user = late.lazy
    setattr(request, _PASSAGE, passage)
    setattr(request, _LATE, late)
    request.__class__ = overlaid_class(request.__class__)


def looked_at(request: HttpRequest) -> object:
    """The user on whom the app has settled; None where nobody has looked, which loads nobody."""
    user = request.__dict__.get("user")
    while isinstance(user, LazyObject):
        user = user.__dict__.get("_wrapped", empty)
        if user is empty:
            return None
    return user


class Overlaid:
    """A request in which the app finds the subject; stands before a class of Django's."""

    @property
    def _cache_update_cache(self) -> bool:
        # Read by Django's caches of whole pages: what a session shows is kept by none of them.
        return False

    @_cache_update_cache.setter
    def _cache_update_cache(self, value: object) -> None:
        pass

    def build_absolute_uri(self, location: str | None = None) -> str:
        """The address, as ever; for Django's caches of whole pages one of this session's.

        A view whose page is kept by its address alone would show a session what the site once
        showed to somebody else.
        """
        address: str = super().build_absolute_uri(location)  # type: ignore[misc]  # of Django's
        if sys._getframe(1).f_globals.get("__name__") != _PAGE_KEYS:
            return address
        return f"{address}#{self.__dict__[_PASSAGE].present.impersonation.session_id}"

    @property
    def auser(self) -> Callable[[], Awaitable[object]]:
        """The user, for async views."""
        found: Callable[[], Awaitable[object]] | None = self.__dict__.get("auser")
        if found is None:
            raise AttributeError("auser")
        return found

    @auser.setter
    def auser(self, value: object) -> None:
        # Not before the apps are loaded: this module brings models with it.
        from django.contrib.auth import middleware

        # AuthenticationMiddleware's own alone: what others put around it stays.
        if isinstance(value, partial) and value.func is middleware.auser:
            value = self.__dict__[_LATE].aget
        self.__dict__["auser"] = value

    @property
    def impersonation(self) -> Impersonation:
        """The session that this request belongs to."""
        present = self.__dict__[_PASSAGE].present
        present.asked = True
        found: Impersonation = present.impersonation
        return found

    @property
    def actor(self) -> Actor:
        """The person who really asks."""
        return self.impersonation.actor


@lru_cache(maxsize=16)
def overlaid_class(kind: type[Any]) -> type[Any]:
    """The class of requests of ``kind`` in a session; made once."""
    return type(kind.__name__, (Overlaid, kind), {})

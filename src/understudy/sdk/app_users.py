"""The app's own users, as an app hands them over that has no service beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class AppUser:
    """One user of the app, as the app's own table has them. ``id`` is the app's, as text.

    ``organization_id`` is the user's tenant, if users have one. ``protected`` users are never
    impersonated, ``disabled`` ones not while they are. ``tags`` are for policies to look at; None
    leaves those that are known.
    """

    id: str
    email: str | None = None
    name: str | None = None
    roles: tuple[str, ...] = ()
    organization_id: str | None = None
    organization_name: str | None = None
    protected: bool = False
    disabled: bool = False
    tags: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Users:
    """How to ask the app's user table.

    ``get(id)`` gives one user, None for who does not exist or no more. ``search(query, limit)``
    gives at most ``limit`` users whose id, name or address fits what somebody typed, all of them
    for an empty text; in the app's own order. Under ASGI both may be async.
    """

    get: Callable[[str], AppUser | Awaitable[AppUser | None] | None]
    search: Callable[[str, int], Iterable[AppUser] | Awaitable[Iterable[AppUser]]]

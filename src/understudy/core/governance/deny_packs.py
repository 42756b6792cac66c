"""Which routes are denied in every session of an application, without anybody writing them down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from understudy.core.governance.denying import DenyRule
from understudy.core.governance.packs.django import DJANGO_ADMIN, DJANGO_AUTH
from understudy.core.governance.packs.django_packages import ALLAUTH, DJ_REST_AUTH, TWO_FACTOR
from understudy.core.governance.packs.fastapi_users import FASTAPI_USERS
from understudy.core.governance.packs.flask_security import FLASK_SECURITY
from understudy.core.governance.packs.generic import GENERIC
from understudy.core.impersonation.restrictions import BlockedAction


class DenyPack(StrEnum):
    """A list of routes, by the package that brings them; ``generic`` goes by words in paths."""

    GENERIC = "generic"
    DJANGO_AUTH = "django_auth"
    DJANGO_ADMIN = "django_admin"
    ALLAUTH = "allauth"
    DJ_REST_AUTH = "dj_rest_auth"
    TWO_FACTOR = "two_factor"
    FLASK_SECURITY = "flask_security"
    FASTAPI_USERS = "fastapi_users"

    @property
    def caption(self) -> str:
        """Its name where people choose."""
        return _CAPTIONS[self]


_CAPTIONS = {
    DenyPack.GENERIC: "Any app, by words in its paths",
    DenyPack.DJANGO_AUTH: "Django: accounts",
    DenyPack.DJANGO_ADMIN: "Django: admin site",
    DenyPack.ALLAUTH: "django-allauth",
    DenyPack.DJ_REST_AUTH: "dj-rest-auth",
    DenyPack.TWO_FACTOR: "django-two-factor-auth",
    DenyPack.FLASK_SECURITY: "Flask-Security",
    DenyPack.FASTAPI_USERS: "fastapi-users",
}

DENY_RULES: Mapping[DenyPack, tuple[DenyRule, ...]] = {
    DenyPack.GENERIC: GENERIC,
    DenyPack.DJANGO_AUTH: DJANGO_AUTH,
    DenyPack.DJANGO_ADMIN: DJANGO_ADMIN,
    DenyPack.ALLAUTH: ALLAUTH,
    DenyPack.DJ_REST_AUTH: DJ_REST_AUTH,
    DenyPack.TWO_FACTOR: TWO_FACTOR,
    DenyPack.FLASK_SECURITY: FLASK_SECURITY,
    DenyPack.FASTAPI_USERS: FASTAPI_USERS,
}


@dataclass(frozen=True, kw_only=True)
class DenyPacks:
    """The packs that an application has on, without the patterns that its admins excepted.

    An exception is a pattern as the packs write it. One that no pack has excepts nothing, so that
    a pattern which is sharpened later counts again.
    """

    packs: tuple[DenyPack, ...] = ()
    excepted: tuple[str, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def actions(self) -> tuple[BlockedAction, ...]:
        """What is blocked by them, each once, in the order of the packs."""
        return _actions(self.packs, frozenset(self.excepted))


@lru_cache(maxsize=64)
def _actions(packs: tuple[DenyPack, ...], excepted: frozenset[str]) -> tuple[BlockedAction, ...]:
    # By method and pattern: two packs may know the same route, and who is refused reads one label.
    found = {
        (action.method, action.pattern): action
        for pack in reversed(packs)
        for action in reversed(tuple(_of(pack)))
        if action.pattern not in excepted
    }
    return tuple(reversed(found.values()))


def _of(pack: DenyPack) -> Iterator[BlockedAction]:
    # Of a pack that only a newer version knows, nothing is known here.
    for rule in DENY_RULES.get(pack, ()):
        yield from rule.actions()

"""``UNDERSTUDY["EMBEDDED"]``: Understudy in the site's own processes, with no service beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import connections

from understudy.contrib.django import staff_member, user_table
from understudy.errors import SetupError
from understudy.sdk.app_users import Users
from understudy.sdk.understudy import Understudy

EMBEDDED = "EMBEDDED"
_NEEDED = ("NAME", "URL")
_PLAIN = {
    "NAME": "name",
    "URL": "url",
    "DATA_DIR": "data_dir",
    "SCHEMA": "schema",
    "ALLOW_IMPERSONATION": "allow_impersonation",
}
_CALLED = {"STAFF": "staff", "CHECK_PASSWORD": "check_password"}
KEYS = frozenset({*_PLAIN, *_CALLED, "DATABASE", "USERS", "SIGN_IN_AT"})
"""All that may stand there."""
Find = Callable[[object], object]
"""Gives the object of a dotted path, and anything else as it is."""


def embedded(
    given: object, beside: Mapping[str, Any], *, find: Find, finds_users: bool
) -> Understudy:
    """The link to an Understudy of the site's own; nothing is opened for it.

    ``beside`` is what ``Understudy.embedded`` is told as well. ``finds_users`` says that the
    subjects' ids are the primary keys of Django's users, as they are unless the site says
    otherwise.

    :raises SetupError: something is missing, unknown or malformed.
    """
    if not isinstance(given, Mapping):
        raise SetupError(f"{EMBEDDED} is a dict with {' and '.join(_NEEDED)}.")
    for name in given:
        if name not in KEYS:
            known = ", ".join(sorted(KEYS))
            raise SetupError(f"There is no {name!r} in {EMBEDDED}; there are {known}.")
    missing = [name for name in _NEEDED if not given.get(name)]
    if missing:
        raise SetupError(f"{EMBEDDED} lacks {', '.join(missing)}.")
    said = {_PLAIN[name]: given[name] for name in _PLAIN if name in given}
    return Understudy.embedded(
        **said,
        **beside,
        database=_database(given.get("DATABASE")),
        staff=_called(given, "STAFF", staff_member.staff_member, find),
        check_password=_called(given, "CHECK_PASSWORD", staff_member.check_password, find),
        sign_in_at=given.get("SIGN_IN_AT") or _sign_in_at(),
        users=_users(given, find, finds_users),
    )


def _database(given: object) -> str | Mapping[str, Any] | None:
    """An URL, or one of the site's own by its alias."""
    if given is None or (isinstance(given, str) and "://" in given):
        return given
    if given not in settings.DATABASES:
        raise SetupError(f"DATABASE in {EMBEDDED} is an alias of settings.DATABASES, or an URL.")
    # As Django uses it: its tests have a database of their own.
    found: Mapping[str, Any] = connections[given].settings_dict
    return found


def _users(given: Mapping[str, Any], find: Find, finds_users: bool) -> Users:
    found = find(given.get("USERS"))
    if found is None:
        if not finds_users:
            text = f"LOAD_USER and USER_ID find other users than {EMBEDDED} would: give it USERS."
            raise SetupError(text)
        return user_table.USERS
    if not isinstance(found, Users):
        raise SetupError(f"USERS in {EMBEDDED} must be a Users.")
    return found


def _called(given: Mapping[str, Any], name: str, default: Callable[..., object], find: Find) -> Any:  # noqa: ANN401
    found = find(given.get(name, default))
    if not callable(found):
        raise SetupError(f"{name} in {EMBEDDED} must be a function.")
    return found


def _sign_in_at() -> str | None:
    """The site's sign-in, where it is told by its path."""
    path = str(settings.LOGIN_URL)
    return f"{path}?next={{next}}" if path.startswith("/") else None

"""System checks: each says what is wrong, and what to do.

==== ===============================================================================
E001 the guard is not in ``MIDDLEWARE``
E002 what reads who asks stands before it
E003 a cache of pages stands before it
E004 ``RemoteUserMiddleware`` signs the agent in over the session
E005 ``settings.UNDERSTUDY`` is missing or malformed
E006 the guard is there twice
E007 the session's cookie has a name of ours
W001 something else stands before the guard
W002 scripts of the subject's pages can read the agent's session cookie
W003 the agent's session cookie is sent to the origins of sessions
W005 the database in which Django keeps sessions is held to reading
==== ===============================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Doubt
from django.db import router

from understudy.contrib.django.conf import setup
from understudy.contrib.django.order import (
    FIRST,
    HARMLESS,
    KEEPS_PAGES,
    READS_WHO_ASKS,
    order,
)
from understudy.errors import SetupError

_IN_DATABASE = frozenset(f"django.contrib.sessions.backends.{name}" for name in ("db", "cached_db"))


def check_order(**_: object) -> list[CheckMessage]:
    """Whether the guard stands where it must."""
    return list(_order())


def check_settings(**_: object) -> list[CheckMessage]:
    """Whether the settings make an installation."""
    try:
        setup()
    except SetupError as error:
        return [_error("E005", error.detail, "See docs/howto/django.md for what may stand there.")]
    return []


def check_cookies(**_: object) -> list[CheckMessage]:
    """Whether the agent's session cookie stays out of what is served in a session."""
    return list(_cookies())


def check_read_only(**_: object) -> list[CheckMessage]:
    """Whether pages that only keep something in their session can be shown."""
    try:
        held = setup().read_only_databases
    except SetupError:  # told by another check
        return []
    if settings.SESSION_ENGINE not in _IN_DATABASE or not held:
        return []
    kept = router.db_for_write(apps.get_model("sessions", "Session"))
    if kept not in held:
        return []
    text = f"Sessions are kept in {kept!r}, which is held to reading: pages that write them fail."
    return [_doubt("W005", text, "Give them an alias of their own: docs/howto/read-only.md.")]


CHECKS: tuple[Callable[..., list[CheckMessage]], ...] = (
    check_order,
    check_settings,
    check_cookies,
    check_read_only,
)


def _order() -> Iterator[CheckMessage]:
    found = order()
    if not found.guards:
        yield _error("E001", "The guard is not in MIDDLEWARE.", FIRST)
        return
    if found.guards > 1:
        yield _error("E006", "The guard is in MIDDLEWARE twice.", "Keep the first of them.")
    reading, keeping = found.before_of(READS_WHO_ASKS), found.before_of(KEEPS_PAGES)
    for path in reading:
        yield _error("E002", f"{path} reads who asks before the guard does.", FIRST)
    for path in keeping:
        yield _error("E003", f"{path} would keep pages of sessions for everybody.", FIRST)
    for path in found.signing_in():
        hint = "Take it out; sign people in by Django's sessions."
        yield _error("E004", f"{path} would sign the agent in over the session.", hint)
    known = {*reading, *keeping, *found.before_of(HARMLESS)}
    for path in found.before:
        if path not in known:
            hint = f"{FIRST} If it looks neither at who asks nor keeps answers, silence this check."
            yield _doubt("W001", f"{path} sees requests as the agent's own.", hint)


def _cookies() -> Iterator[CheckMessage]:
    if _is_ours(settings.SESSION_COOKIE_NAME):
        hint = "Take another SESSION_COOKIE_NAME; what begins so is kept from the app."
        yield _error("E007", "The session's cookie has a name of Understudy's.", hint)
    if not settings.SESSION_COOKIE_HTTPONLY:
        text = "Scripts of the subject's pages can read the agent's session cookie."
        yield _doubt("W002", text, "Set SESSION_COOKIE_HTTPONLY = True.")
    given = getattr(settings, "UNDERSTUDY", None)
    if settings.SESSION_COOKIE_DOMAIN and isinstance(given, dict) and "SESSION_ORIGINS" in given:
        text = "The agent's session cookie is sent to the origins of sessions."
        yield _doubt("W003", text, "Leave SESSION_COOKIE_DOMAIN unset.")


def _is_ours(name: str) -> bool:
    return name.lower().removeprefix("__host-").startswith("understudy")


def _error(number: str, text: str, hint: str) -> CheckMessage:
    return Error(text, hint=hint, id=f"understudy.{number}")


def _doubt(number: str, text: str, hint: str) -> CheckMessage:
    return Doubt(text, hint=hint, id=f"understudy.{number}")

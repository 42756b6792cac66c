"""What the app says of its own staff, by callables that it gives us."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from understudy.core.people.labels import read_groups
from understudy.core.text import require_id, require_text
from understudy.errors import InvalidInput, NotFound, NotSignedIn, SetupError
from understudy.sdk.addresses import Addresses
from understudy.sdk.return_path import safe_path
from understudy.sdk.values import Actor, Subject

StaffOf = Callable[[Any], Actor | Awaitable[Actor | None] | None]
MayStart = Callable[[Actor, str, Any], bool | Awaitable[bool]]
HomeOf = Callable[[Subject], str | Awaitable[str | None] | None]
_LOG = logging.getLogger("understudy")
MAX_ACTOR_ID = 255


class SignInRequired(NotSignedIn):
    """Sign in again, then start once more.

    For ``staff`` and ``may_start`` to raise. ``at`` is the path of the app's own sign-in, if a
    browser is to be sent there.
    """

    def __init__(self, detail: str | None = None, *, at: str | None = None) -> None:
        super().__init__(detail)
        self.at = safe_path(at, "") or None


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """``staff_of`` says who of the app's staff makes a request, None for anybody else.

    ``may_start`` says whether they may ask for a subject at all, ``home_of`` where a subject's work
    begins.
    """

    staff_of: StaffOf
    may_start: MayStart | None = None
    home_of: HomeOf | None = None


def read_staff(
    staff_of: StaffOf | None, may_start: MayStart | None, home_of: HomeOf | None
) -> Staff | None:
    """The callables, if the app gives any.

    :raises SetupError: what hangs on ``staff`` is set without it.
    """
    if staff_of is not None:
        return Staff(staff_of=staff_of, may_start=may_start, home_of=home_of)
    if may_start is not None or home_of is not None:
        raise SetupError("may_start and home_of say more of what staff may start: set staff, too.")
    return None


def read_actor(given: object) -> Actor:
    """Who asks, by what ``staff_of`` has given or raised. Whatever is in doubt is nobody.

    :raises NotFound: nobody of the staff; they find nothing where others start.
    :raises SignInRequired: the app wants to see them sign in first.
    """
    if isinstance(given, SignInRequired):
        raise given
    if given is None:
        raise NotFound
    if isinstance(given, Actor) and _is_named(given):
        return replace(given, groups=read_groups(given.groups))
    _tell("staff", given)
    raise NotFound


def is_permitted(given: object) -> bool:
    """Whether ``may_start`` has said yes, and nothing that is only like it.

    :raises SignInRequired: the app wants to see them sign in first.
    """
    if isinstance(given, SignInRequired):
        raise given
    if not isinstance(given, bool):
        _tell("may_start", given)
    return given is True


def read_home(given: object, addresses: Addresses) -> str:
    """Where the session begins; where the app itself does, if ``home_of`` names no path of it."""
    if given is not None and not isinstance(given, str):
        _tell("home_of", given)
    path = safe_path(given if isinstance(given, str) else None, addresses.home)
    return addresses.home if addresses.owns(path.partition("?")[0]) else path


def _is_named(actor: Actor) -> bool:
    try:
        for value, field in ((actor.id, "id"), (actor.email, "email")):
            require_id(value, field)
        require_text(actor.name, "name")
        read_groups(actor.groups)
    except (InvalidInput, AttributeError, TypeError):
        return False
    # A text is a collection of texts as well, and none of these.
    return 0 < len(actor.id) <= MAX_ACTOR_ID and not isinstance(actor.groups, str)


def _tell(callable_name: str, given: object) -> None:
    error = given if isinstance(given, Exception) else None
    _LOG.error(
        "The app's %s() gave %s, so nothing was started by it",
        callable_name,
        type(given).__name__,
        exc_info=error,
        extra={"action": "ask_app"},
    )

"""What the app says of who makes a request, read so that whatever is in doubt is nobody."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from understudy.core.people.labels import read_groups
from understudy.core.people.permissions import Role
from understudy.core.text import fault_in
from understudy.embedded.plan import Plan
from understudy.errors import InvalidInput, Unavailable
from understudy.sdk.scope import Scope
from understudy.sdk.staff import MAX_ACTOR_ID, SignInRequired
from understudy.sdk.staff_member import StaffMember

if TYPE_CHECKING:
    from understudy.http.staffing import PasswordCheck

HOME = "/"
STAFF = "understudy.staff"
"""Where a mount puts, in an ASGI scope, the `StaffMember` who makes the request."""
SIGN_IN = "understudy.sign_in"
"""Where it puts the path of the app's sign-in, if the app wants to see them sign in first."""
CHECK_PASSWORD = "understudy.check_password"  # noqa: S105  (a name)
"""Where it puts what tells whether a text is the password of whoever makes the request: an async
function of the text, if the app has a ``check_password``."""
UNKNOWN = "understudy.staff_unknown"
"""What it sets to True where the app could not say who makes the request."""

UNKNOWN_STAFF: Scope = {STAFF: None, SIGN_IN: None, CHECK_PASSWORD: None, UNKNOWN: True}

_LOG = logging.getLogger("understudy")
_ROLES = frozenset(Role)


class AppStaffing:
    """The ``Staffing`` of an embedded app: what its mount has put beside the request."""

    def __init__(self, plan: Plan) -> None:
        self._sign_in_at = plan.sign_in_at or HOME

    @property
    def home(self) -> str:
        """Where in the app somebody goes who leaves the dashboard."""
        return HOME

    def present(self, scope: Scope) -> StaffMember | None:
        """Who is signed in to the app, if they are staff.

        :raises Unavailable: the app could not say.
        """
        if scope.get(UNKNOWN):
            raise Unavailable("The app cannot say who you are. Try again shortly.")
        found = scope.get(STAFF)
        return found if isinstance(found, StaffMember) else None

    def sign_in_at(self, scope: Scope) -> str:
        """Where to sign in to the app; ``{next}`` in it stands for the place to come back to."""
        return scope.get(SIGN_IN) or self._sign_in_at

    def password_check(self, scope: Scope) -> PasswordCheck | None:
        """What tells whether a password is right; None where the app has no such thing."""
        check: PasswordCheck | None = scope.get(CHECK_PASSWORD)
        return check


def names_nobody(rest: str) -> bool:
    """Whether what lies at ``rest``, below the mount, is the same for everybody: files, for which
    the app's database need not be asked.
    """
    return rest.startswith("/assets/")


def said_of(given: object, check: PasswordCheck | None) -> Scope:
    """What a scope says of who makes a request, by what the app's ``staff`` has given: its own
    word, and nobody else's. `UNKNOWN_STAFF` until it has.
    """
    member = read_staff_member(given)
    is_asked = isinstance(member, SignInRequired)
    return {
        STAFF: None if is_asked else member,
        SIGN_IN: member.at if isinstance(member, SignInRequired) else None,
        CHECK_PASSWORD: check,
        UNKNOWN: False,
    }


def read_staff_member(given: object) -> StaffMember | SignInRequired | None:
    """Who makes a request, by what the app's ``staff`` has given or raised.

    None for whoever is nobody of the staff, and for an answer that makes no sense.
    """
    if given is None or isinstance(given, SignInRequired):
        return given
    if isinstance(given, StaffMember) and _makes_sense(given):
        return replace(given, roles=frozenset(map(str, given.roles)))
    # Neither the answer nor a name in it: it may be anything, and the log is read by others.
    _LOG.error(
        "staff gives a StaffMember with id, email, name and known roles, or None; not this %s",
        type(given).__name__,
        extra={"action": "read_staff_member"},
    )
    return None


def _makes_sense(member: StaffMember) -> bool:
    texts: tuple[object, ...] = (member.id, member.email, member.name)
    if not all(isinstance(text, str) and text and not fault_in(text) for text in texts):
        return False
    if len(member.id) > MAX_ACTOR_ID:
        return False
    signed_in_at = member.signed_in_at
    if signed_in_at is not None and signed_in_at.tzinfo is None:
        return False
    # A text is a collection of texts as well, and none of these.
    if isinstance(member.roles, str) or not _ROLES.issuperset(member.roles):
        return False
    return member.groups is None or _are_groups(member.groups)


def _are_groups(given: Collection[str]) -> bool:
    if isinstance(given, str):
        return False
    try:
        read_groups(given)
    except (InvalidInput, TypeError):
        return False
    return True

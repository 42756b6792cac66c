"""What the app says of who makes a request, read so that whatever is in doubt is nobody."""

from __future__ import annotations

import logging
from dataclasses import replace

from understudy.core.people.permissions import Role
from understudy.core.text import fault_in
from understudy.sdk.staff import MAX_ACTOR_ID, SignInRequired
from understudy.sdk.staff_member import StaffMember

STAFF = "understudy.staff"
"""Where a mount puts, in an ASGI scope, the `StaffMember` who makes the request."""
SIGN_IN = "understudy.sign_in"
"""Where it puts the path of the app's sign-in, if the app wants to see them sign in first."""

_LOG = logging.getLogger("understudy")
_ROLES = frozenset(Role)


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
    return not isinstance(member.roles, str) and _ROLES.issuperset(member.roles)

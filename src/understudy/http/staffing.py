"""Who is staff where an app embeds the service: whom the app's own login has signed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from starlette.types import Scope

from understudy.core.people.labels import read_groups
from understudy.core.people.permissions import Role
from understudy.core.people.staff import StaffAccount
from understudy.sdk.staff_member import StaffMember

PasswordCheck = Callable[[str], Awaitable[bool]]
"""Whether a text is the password, in the app, of whoever makes a request."""


class Staffing(Protocol):
    """What the app says of a request; it was asked before the request came here."""

    @property
    def home(self) -> str:
        """Where in the app somebody goes who leaves the dashboard."""
        ...

    def present(self, scope: Scope) -> StaffMember | None:
        """Who is signed in to the app, if they are staff.

        :raises Unavailable: when the app could not say.
        """
        ...

    def sign_in_at(self, scope: Scope) -> str:
        """Where to sign in to the app; ``{next}`` in it stands for the place to come back to."""
        ...

    def password_check(self, scope: Scope) -> PasswordCheck | None:
        """What tells whether a password is right; None where the app has no such thing."""
        ...


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What the app said of one request."""

    member: StaffMember | None
    sign_in_at: str
    check_password: PasswordCheck | None = field(default=None, repr=False)

    @property
    def account(self) -> StaffAccount | None:
        """Who is there, with roles of ours."""
        member = self.member
        if member is None:
            return None
        roles = frozenset(map(Role, member.roles))
        groups = None if member.groups is None else read_groups(member.groups)
        return StaffAccount(
            id=member.id, email=member.email, name=member.name, roles=roles, groups=groups
        )


def arrival(staffing: Staffing, scope: Scope) -> Arrival:
    """What the app said of the request of ``scope``.

    :raises Unavailable: when it could not say who makes it.
    """
    return Arrival(
        member=staffing.present(scope),
        sign_in_at=staffing.sign_in_at(scope),
        check_password=staffing.password_check(scope),
    )

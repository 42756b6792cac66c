"""Somebody who works for the company of an app, as that app's own login tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.core.text import fold_email

RECENT_SIGN_IN = timedelta(minutes=15)
"""How long after signing in, or after saying the password again, somebody may begin to work as a
user."""
AHEAD = timedelta(minutes=1)
"""How far the app's clock may be ahead of ours; what it says of a later time is not believed."""


@dataclass(frozen=True, kw_only=True)
class StaffAccount:
    """One member of staff at this moment; ``id`` is the app's. ``groups`` are None where the app
    says nothing of them: then they are as an admin has given them.
    """

    id: str
    email: str
    name: str
    roles: frozenset[Role]
    groups: tuple[str, ...] | None = None

    def may_go_on_as(self, operator: Operator) -> bool:
        """True while a sign-in of ``operator`` is this person's, with what they may do now."""
        same = operator.staff_id == self.id and operator.roles == self.roles
        return same and self.groups in (None, operator.groups)

    def is_as(self, operator: Operator) -> bool:
        """True while ``operator`` is all that the app says of this person."""
        named = operator.name == self.name and operator.email == fold_email(self.email)
        return named and self.may_go_on_as(operator)


def recent_until(
    signed_in_at: datetime | None, confirmed_at: datetime | None, now: datetime
) -> datetime | None:
    """Until when a sign-in counts as recent; None when nobody knows of one that is believable."""
    known = (moment for moment in (signed_in_at, confirmed_at) if moment is not None)
    believable = [moment for moment in known if moment <= now + AHEAD]
    return max(believable) + RECENT_SIGN_IN if believable else None

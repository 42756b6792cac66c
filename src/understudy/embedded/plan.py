"""What the app has said of its own Understudy, once and for all of its processes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from understudy.config import Settings
from understudy.core.applications.session_origins import SessionOrigins
from understudy.sdk.app_users import Users
from understudy.sdk.staff_member import StaffMember

StaffMemberOf = Callable[[Any], StaffMember | Awaitable[StaffMember | None] | None]
CheckPassword = Callable[[Any, str], bool | Awaitable[bool]]

APPLICATION_ID = "app_embedded"
"""The one application of an embedded installation: known before its database is opened."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``settings`` say where data and dashboard are. ``sign_in_at`` is the path of the app's own
    sign-in, if it was told.
    """

    name: str
    settings: Settings
    redirect_url: str
    session_origins: SessionOrigins | None
    allow_impersonation: bool
    staff: StaffMemberOf = field(repr=False)
    users: Users = field(repr=False)
    check_password: CheckPassword | None = field(repr=False)
    sign_in_at: str | None

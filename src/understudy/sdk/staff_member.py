"""Who of the app's staff uses the dashboard that the app itself serves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffMember:
    """One of the app's staff who may use the dashboard, by the app's own sign-in.

    ``id`` is the app's. ``roles`` are of ``admin``, ``support_manager``, ``approver`` and
    ``auditor``; whoever has none of them sees nothing. ``signed_in_at`` is aware: when they last
    proved who they are, which a start wants to be recent; None where the app does not know.
    ``groups`` are all that they are in, for policies and approvals; None leaves them to the admins
    of the dashboard.
    """

    id: str
    email: str
    name: str
    roles: Collection[str]
    signed_in_at: datetime | None = None
    groups: Collection[str] | None = None

"""Understudy: work inside an app as one particular user, safely.

What an app needs is here; its framework's adapter is in ``understudy.contrib``. Names are loaded
when they are first used, so that the service does not load what only apps need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy.errors import (
        ForbiddenWhileImpersonating,
        Refused,
        SecurityWarning,
        SessionOver,
        SetupError,
        TokenInvalid,
        Unavailable,
        UnderstudyError,
    )
    from understudy.sdk.app_users import AppUser, Users
    from understudy.sdk.asked_by import impersonation_of
    from understudy.sdk.attribution import Attribution, attributed_to, current_attribution
    from understudy.sdk.carrying import CarryingExecutor, as_the_app, carried, on_behalf_of
    from understudy.sdk.context import Impersonation, current_impersonation
    from understudy.sdk.declared_reads import reads
    from understudy.sdk.effects.side_effects import SideEffects
    from understudy.sdk.enqueuing import allow_in_read_only
    from understudy.sdk.forbidding import forbid_while_impersonating
    from understudy.sdk.staff import SignInRequired
    from understudy.sdk.staff_member import StaffMember
    from understudy.sdk.telling import SessionNotice
    from understudy.sdk.understudy import Started, Understudy
    from understudy.sdk.values import Actor, Minted, Organization, Subject

__all__ = [
    "Actor",
    "AppUser",
    "Attribution",
    "CarryingExecutor",
    "ForbiddenWhileImpersonating",
    "Impersonation",
    "Minted",
    "Organization",
    "Refused",
    "SecurityWarning",
    "SessionNotice",
    "SessionOver",
    "SetupError",
    "SideEffects",
    "SignInRequired",
    "StaffMember",
    "Started",
    "Subject",
    "TokenInvalid",
    "Unavailable",
    "Understudy",
    "UnderstudyError",
    "Users",
    "allow_in_read_only",
    "as_the_app",
    "attributed_to",
    "carried",
    "current_attribution",
    "current_impersonation",
    "forbid_while_impersonating",
    "impersonation_of",
    "on_behalf_of",
    "reads",
]

_MODULES = {
    "understudy.sdk.app_users": ("AppUser", "Users"),
    "understudy.sdk.asked_by": ("impersonation_of",),
    "understudy.sdk.attribution": ("Attribution", "attributed_to", "current_attribution"),
    "understudy.sdk.carrying": ("CarryingExecutor", "as_the_app", "carried", "on_behalf_of"),
    "understudy.sdk.context": ("Impersonation", "current_impersonation"),
    "understudy.sdk.declared_reads": ("reads",),
    "understudy.sdk.enqueuing": ("allow_in_read_only",),
    "understudy.sdk.effects.side_effects": ("SideEffects",),
    "understudy.sdk.forbidding": ("forbid_while_impersonating",),
    "understudy.sdk.staff": ("SignInRequired",),
    "understudy.sdk.staff_member": ("StaffMember",),
    "understudy.sdk.telling": ("SessionNotice",),
    "understudy.sdk.understudy": ("Started", "Understudy"),
    "understudy.sdk.values": ("Actor", "Minted", "Organization", "Subject"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "understudy.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

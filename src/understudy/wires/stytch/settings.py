"""What an admin decides for this wire alone: pages that may exchange tokens, and roles."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from understudy.core.applications.addresses import check_origin
from understudy.core.applications.application import Application
from understudy.core.applications.wire_settings import Part, WireSettings
from understudy.core.notices.events import Scalar
from understudy.errors import InvalidInput

NAME = "stytch"
"""Under which the part lies, and by which tokens, hand-offs and messages of this wire are known."""


@dataclass(frozen=True, kw_only=True)
class RbacPermission:
    """What a role may do with one kind of resource of the app; ``*`` stands for every action."""

    resource_id: str
    actions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RbacRole:
    """A role of the app as this wire publishes it. Understudy itself grants nothing by it."""

    role_id: str
    description: str = ""
    permissions: tuple[RbacPermission, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StytchSettings:
    """``browser_sdk`` lets pages of ``browser_origins`` exchange tokens with the public token."""

    browser_sdk: bool = False
    browser_origins: tuple[str, ...] = ()
    rbac_roles: tuple[RbacRole, ...] = ()


def settings_of(application: Application) -> StytchSettings:
    """The application's part."""
    return _read(application.settings.wires.get(NAME, {}))


def _read(part: Part) -> StytchSettings:
    return msgspec.convert(part, StytchSettings)


def _complete(part: Part) -> dict[str, Any]:
    settings = _read(part)
    for origin in settings.browser_origins:
        check_origin(origin)
    role_ids = [role.role_id for role in settings.rbac_roles]
    if len(set(role_ids)) != len(role_ids):
        raise InvalidInput("Every role in rbac_roles has a role_id of its own.")
    # Not msgspec's own way: what it decoded it tells without the defaults.
    return asdict(settings)


def _facts(part: Part) -> dict[str, Scalar]:
    settings = _read(part)
    return {
        "browser_sdk": settings.browser_sdk,
        "browser_origins": " ".join(settings.browser_origins),
        "rbac_roles": ", ".join(role.role_id for role in settings.rbac_roles),
    }


SETTINGS = WireSettings(complete=_complete, facts=_facts)

"""The customer's app, and what an admin decides about impersonation in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.core.notices.events import Party, PartyKind
from understudy.core.people.principals import Status


class Vertical(StrEnum):
    """Whether an application's subjects belong to organizations."""

    B2B = "b2b"
    CONSUMER = "consumer"


class HandOff(StrEnum):
    """How a launched grant reaches the application's browser session.

    ``STYTCH`` puts the token into the redirect URL's query, where it can leak; hence it is never
    the default (RFC 9700, section 4.3.2).
    """

    CODE = "code"
    STYTCH = "stytch"


@dataclass(frozen=True, kw_only=True)
class RbacPermission:
    """What a role may do with one kind of resource of the app; ``*`` stands for every action."""

    resource_id: str
    actions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RbacRole:
    """A role of the app as the Stytch wire publishes it. Understudy itself grants nothing by it."""

    role_id: str
    description: str = ""
    permissions: tuple[RbacPermission, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ApplicationSettings:
    """What an admin decides about impersonation in one application.

    Minutes and days are whole numbers. ``max_minutes`` never exceeds 60 (DESIGN rule 5).
    ``logout_url`` gets a logout token when a session is over (OpenID Back-Channel Logout).
    ``browser_sdk`` lets pages of ``browser_origins`` exchange tokens with the public token.
    """

    impersonation_allowed: bool = False
    hand_off: HandOff = HandOff.CODE
    redirect_urls: tuple[str, ...] = ()
    launch_url: str | None = None
    default_minutes: int = 30
    max_minutes: int = 60
    idle_minutes: int = 10
    reason_min_length: int = 10
    ticket_required: bool = False
    allowed_scopes: tuple[Scope, ...] = (Scope.FULL, Scope.READ_ONLY)
    default_scope: Scope = Scope.FULL
    blocked_actions: tuple[BlockedAction, ...] = ()
    role_ranks: Mapping[str, int] = field(default_factory=dict)
    retention_days: int = 30
    logout_url: str | None = None
    browser_sdk: bool = False
    browser_origins: tuple[str, ...] = ()
    rbac_roles: tuple[RbacRole, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Application:
    """A customer's app: the audience of its sessions. Secrets are kept as SHA-256 only."""

    id: str
    name: str
    vertical: Vertical
    status: Status
    settings: ApplicationSettings
    secret_hash: bytes
    previous_secret_hash: bytes | None = None
    previous_secret_expires_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def party(self) -> Party:
        """This application as it is named in an entry."""
        return Party(kind=PartyKind.APPLICATION, ref=self.id, name=self.name)

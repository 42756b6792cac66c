"""The customer's app, and what an admin decides about impersonation in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from understudy.core.governance.approvals import ApprovalTerms
from understudy.core.governance.consents import ConsentTerms
from understudy.core.governance.decision_points import DecisionPoint
from understudy.core.governance.deny_packs import DenyPack, DenyPacks
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.governance.policy_terms import PolicyTerms
from understudy.core.governance.safeguards import Loosening
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.core.notices.events import Party, PartyKind
from understudy.core.people.principals import Status
from understudy.core.redaction.rules import NOTHING_HIDDEN, Redaction


class Vertical(StrEnum):
    """Whether an application's subjects belong to organizations."""

    B2B = "b2b"
    CONSUMER = "consumer"


class UnrankedRoles(StrEnum):
    """What becomes of users who hold a role that has no rank."""

    ALLOW = "allow"
    REFUSE = "refuse"


CODE_HAND_OFF = "code"
"""The app comes for a code by itself; never is a token put into an address unless an admin says so
(RFC 9700, section 4.3.2)."""


@dataclass(frozen=True, kw_only=True)
class ApplicationSettings:
    """What an admin decides about impersonation in one application.

    Minutes and days are whole numbers. ``max_minutes`` never exceeds 60 (DESIGN rule 5).
    ``session_origins`` is the pattern of the origins at which sessions are served; None for the
    app's own. ``logout_url`` gets a logout token when a session is over (OpenID Back-Channel
    Logout). ``approval`` says whether somebody else has to agree, and who; ``policy_changes`` what
    it takes to change policies. ``decision_point`` is asked last, where there is one;
    ``loosening`` is a change of either that waits. ``insiders`` limits each actor.
    ``unranked_roles`` allows where nobody has decided, as was so before it could be decided;
    whatever creates an application refuses (``NEW_SETTINGS``). ``hand_off`` names how a launched
    grant reaches the application's browser session. ``redaction`` hides nothing and ``deny_packs``
    are off where nobody has decided; a new application hides secrets and has the generic pack.
    ``wires`` holds what single protocols add, by
    their names; each reads its own part. ``unknown`` is what a newer version stored: kept, and
    shown to nobody. With ``unlocks`` an actor may ask that one blocked change be allowed, once, by
    somebody else.
    """

    impersonation_allowed: bool = False
    hand_off: str = CODE_HAND_OFF
    redirect_urls: tuple[str, ...] = ()
    launch_url: str | None = None
    session_origins: str | None = None
    default_minutes: int = 30
    max_minutes: int = 60
    idle_minutes: int = 10
    reason_min_length: int = 10
    ticket_required: bool = False
    allowed_scopes: tuple[Scope, ...] = (Scope.FULL, Scope.READ_ONLY)
    default_scope: Scope = Scope.FULL
    blocked_actions: tuple[BlockedAction, ...] = ()
    unlocks: bool = False
    deny_packs: DenyPacks = field(default_factory=DenyPacks)
    role_ranks: Mapping[str, int] = field(default_factory=dict)
    unranked_roles: UnrankedRoles = UnrankedRoles.ALLOW
    retention_days: int = 30
    logout_url: str | None = None
    redaction: Redaction = NOTHING_HIDDEN
    approval: ApprovalTerms = field(default_factory=ApprovalTerms)
    consent: ConsentTerms = field(default_factory=ConsentTerms)
    policy_changes: PolicyTerms = field(default_factory=PolicyTerms)
    decision_point: DecisionPoint | None = None
    loosening: Loosening | None = None
    insiders: InsiderLimits = field(default_factory=InsiderLimits)
    wires: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def impersonates(self) -> bool:
        """Whether impersonation is on, and this version knows what a newer one may have chosen."""
        # What no enumeration of this version has was read as plain text.
        return self.impersonation_allowed and isinstance(self.default_scope, Scope)

    @property
    def denied(self) -> tuple[BlockedAction, ...]:
        """What answers 403 in every session; what admins wrote themselves goes first."""
        return self.blocked_actions + self.deny_packs.actions()


NEW_SETTINGS = ApplicationSettings(
    unranked_roles=UnrankedRoles.REFUSE,
    redaction=Redaction(secrets=True),
    deny_packs=DenyPacks(packs=(DenyPack.GENERIC,)),
)
"""With what a new application begins, until somebody decides otherwise."""


@dataclass(frozen=True, kw_only=True)
class Application:
    """A customer's app: the audience of its sessions. Secrets are kept as keyed hashes only.

    ``epoch`` is raised when what waits shall not come about any more: a grant of an earlier one
    opens nothing. ``freezes`` counts the cases that keep actors whom it names from working.
    ``policy_version`` is that of the policies in force; None where there are none.
    """

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
    epoch: int = 0
    freezes: int | None = None
    policy_version: int | None = None

    @property
    def party(self) -> Party:
        """This application as it is named in an entry."""
        return Party(kind=PartyKind.APPLICATION, ref=self.id, name=self.name)

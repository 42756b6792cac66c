"""Applications and their settings."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.applications.application import UnrankedRoles, Vertical
from understudy.core.governance.deny_packs import DenyPack
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import Status
from understudy.http.shapes import Answer, Input, Name, Time, Url
from understudy.wires.native.schemas.approvals import ApprovalTermsAnswer, ApprovalTermsChange
from understudy.wires.native.schemas.choices import HandOff
from understudy.wires.native.schemas.consents import ConsentTermsAnswer, ConsentTermsChange
from understudy.wires.native.schemas.impersonations import (
    BlockedActionShape,
    RedactionShape,
    RoutePattern,
)
from understudy.wires.native.schemas.insiders import InsiderLimitsAnswer, InsiderLimitsChange
from understudy.wires.native.schemas.policies import PolicyTermsShape

Minutes = Annotated[int, msgspec.Meta(ge=1, le=60)]
OriginPattern = Annotated[
    str,
    msgspec.Meta(
        max_length=300,
        description="Origins of sessions, of which each has its own: https://*.view.app.example",
    ),
]
RbacName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+(?!\n)$")
]


class RbacPermissionShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a role may do with one kind of resource; `*` stands for every action."""

    resource_id: RbacName
    actions: Annotated[list[RbacName], msgspec.Meta(max_length=100)]


class RbacRoleShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role of the app as the Stytch API publishes it; it grants nothing here."""

    role_id: RbacName
    description: Annotated[str, msgspec.Meta(max_length=500)] = ""
    permissions: Annotated[list[RbacPermissionShape], msgspec.Meta(max_length=100)] = []


class DenyPacksShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Packs of routes that are blocked in every session; `excepted` are patterns left out."""

    packs: Annotated[list[DenyPack], msgspec.Meta(max_length=20)]
    excepted: Annotated[list[RoutePattern], msgspec.Meta(max_length=200)] = []


class SettingsChange(Input, frozen=True, kw_only=True):
    """Only what is given changes."""

    impersonation_allowed: bool | UnsetType = UNSET
    hand_off: HandOff | UnsetType = UNSET
    redirect_urls: Annotated[list[Url], msgspec.Meta(max_length=20)] | UnsetType = UNSET
    launch_url: Url | UnsetType | None = UNSET
    session_origins: OriginPattern | UnsetType | None = UNSET
    default_minutes: Minutes | UnsetType = UNSET
    max_minutes: Minutes | UnsetType = UNSET
    idle_minutes: Minutes | UnsetType = UNSET
    reason_min_length: Annotated[int, msgspec.Meta(ge=1, le=500)] | UnsetType = UNSET
    ticket_required: bool | UnsetType = UNSET
    allowed_scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=2)] | UnsetType = (
        UNSET
    )
    default_scope: Scope | UnsetType = UNSET
    blocked_actions: (
        Annotated[list[BlockedActionShape], msgspec.Meta(max_length=200)] | UnsetType
    ) = UNSET
    unlocks: bool | UnsetType = UNSET
    deny_packs: DenyPacksShape | UnsetType = UNSET
    role_ranks: (
        Annotated[
            dict[str, Annotated[int, msgspec.Meta(ge=0, le=1000)]], msgspec.Meta(max_length=100)
        ]
        | UnsetType
    ) = UNSET
    unranked_roles: UnrankedRoles | UnsetType = UNSET
    retention_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | UnsetType = UNSET
    logout_url: Url | UnsetType | None = UNSET
    redaction: RedactionShape | UnsetType = UNSET
    approval: ApprovalTermsChange | UnsetType = UNSET
    consent: ConsentTermsChange | UnsetType = UNSET
    policy_changes: PolicyTermsShape | UnsetType = UNSET
    insiders: InsiderLimitsChange | UnsetType = UNSET
    browser_sdk: bool | UnsetType = UNSET
    browser_origins: Annotated[list[Url], msgspec.Meta(max_length=20)] | UnsetType = UNSET
    rbac_roles: Annotated[list[RbacRoleShape], msgspec.Meta(max_length=100)] | UnsetType = UNSET
    ticket_sign_in: bool | UnsetType = UNSET


class CreateApplication(Input, frozen=True, kw_only=True):
    """A new application; impersonation is off unless switched on in ``settings``."""

    name: Name
    vertical: Vertical = Vertical.B2B
    settings: SettingsChange = SettingsChange()


class UpdateApplication(Input, frozen=True, kw_only=True):
    """Only what is given changes. Disabling ends the application's sessions."""

    name: Name | UnsetType = UNSET
    status: Literal["active", "disabled"] | UnsetType = UNSET
    settings: SettingsChange | UnsetType = UNSET


class SettingsAnswer(Answer, frozen=True, kw_only=True):
    """What an admin decided about impersonation in this application.

    `insiders` is null for all but admins and auditors: nobody sees how far their own limits go.
    """

    impersonation_allowed: bool
    hand_off: HandOff
    redirect_urls: list[str]
    launch_url: str | None
    effective_launch_url: str | None
    session_origins: str | None
    default_minutes: int
    max_minutes: int
    idle_minutes: int
    reason_min_length: int
    ticket_required: bool
    allowed_scopes: list[Scope]
    default_scope: Scope
    blocked_actions: list[BlockedActionShape]
    unlocks: bool
    deny_packs: DenyPacksShape
    role_ranks: dict[str, int]
    unranked_roles: UnrankedRoles
    retention_days: int
    logout_url: str | None
    redaction: RedactionShape
    approval: ApprovalTermsAnswer
    consent: ConsentTermsAnswer
    policy_changes: PolicyTermsShape
    insiders: InsiderLimitsAnswer | None
    browser_sdk: bool
    browser_origins: list[str]
    rbac_roles: list[RbacRoleShape]
    ticket_sign_in: bool


class ApplicationBrief(Answer, frozen=True, kw_only=True):
    """What the application itself may know: no settings (DESIGN rule 10)."""

    id: str
    name: str
    vertical: Vertical
    status: Status


class ApplicationAnswer(Answer, frozen=True, kw_only=True):
    """An application with its settings; never its secret.

    `public_token` names the application to browsers, and is no secret.
    """

    id: str
    name: str
    vertical: Vertical
    status: Status
    public_token: str
    settings: SettingsAnswer
    previous_secret_expires_at: Time | None
    created_at: Time
    updated_at: Time


class ApplicationSecret(Answer, frozen=True, kw_only=True):
    """The secret is shown this once."""

    application: ApplicationAnswer
    secret: str


class RotateSecret(Input, frozen=True, kw_only=True):
    """For how long the old secret goes on working; 0 ends it at once."""

    overlap_minutes: Annotated[int, msgspec.Meta(ge=0, le=10_080)] = 1440

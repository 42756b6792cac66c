"""What the SDKs send. Unknown fields are ignored: a newer SDK sends more than this one knows.

Null stands for a field that was left out.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from understudy.core.ids import SessionId

Text = Annotated[str, msgspec.Meta(max_length=255)]
GivenSessionId = Annotated[SessionId, msgspec.Meta(max_length=255)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
NewId = Annotated[
    str, msgspec.Meta(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._|~-]+(?!\n)$")
]
Name = Annotated[str, msgspec.Meta(max_length=200)]
PartOfName = Annotated[str, msgspec.Meta(max_length=128)]
EmailAddress = Annotated[
    str, msgspec.Meta(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+(?!\n)$")
]
PhoneNumber = Annotated[str, msgspec.Meta(max_length=32, pattern=r"^(\+[0-9]{5,20}|)(?!\n)$")]
RoleName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Roles = Annotated[list[RoleName], msgspec.Meta(max_length=50)]
Texts = Annotated[list[Text], msgspec.Meta(max_length=200)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Secret = Annotated[str, msgspec.Meta(max_length=512)]
Jwt = Annotated[str, msgspec.Meta(max_length=8192)]

Restriction = Literal["ALL_ALLOWED", "RESTRICTED"]
Invites = Literal["ALL_ALLOWED", "RESTRICTED", "NOT_ALLOWED"]
ConnectedApps = Literal["ALL_ALLOWED", "RESTRICTED", "NOT_ALLOWED"]
JitProvisioning = Literal["RESTRICTED", "NOT_ALLOWED"]
MfaPolicy = Literal["OPTIONAL", "REQUIRED_FOR_ALL"]
MfaMethod = Literal["", "sms_otp", "totp"]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request body."""


class Anything(Request, frozen=True, kw_only=True):
    """A body that nobody looks at."""


class AuthenticateImpersonation(Request, frozen=True, kw_only=True):
    """The token that the launch put into the URL."""

    impersonation_token: Secret


class AuthorizationCheck(Request, frozen=True, kw_only=True):
    """May the session do this? ``organization_id`` is for members alone."""

    resource_id: Text
    action: Text
    organization_id: Id | None = None


class AuthenticateSession(Request, frozen=True, kw_only=True):
    """A session by its token or its JWT. ``session_custom_claims`` is not even read."""

    session_token: Secret | None = None
    session_jwt: Jwt | None = None
    session_duration_minutes: int | None = None
    authorization_check: AuthorizationCheck | None = None


class ExchangeSession(Request, frozen=True, kw_only=True):
    """A session that is to go on in another organization."""

    organization_id: Id
    session_token: Secret | None = None
    session_jwt: Jwt | None = None


class RevokeSession(Request, frozen=True, kw_only=True):
    """Which session is to end; a consumer's by ``session_id``, a member's by the others."""

    session_id: GivenSessionId | None = None
    member_session_id: GivenSessionId | None = None
    session_token: Secret | None = None
    session_jwt: Jwt | None = None
    member_id: Text | None = None


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """What a role may do with a resource."""

    resource_id: Id
    actions: Texts


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A role of one organization."""

    role_id: Id
    description: Annotated[str, msgspec.Meta(max_length=500)] = ""
    permissions: Annotated[list[Permission], msgspec.Meta(max_length=100)] = msgspec.field(
        default_factory=list
    )


class OrgPolicy(Request, frozen=True, kw_only=True):
    """The roles of one organization."""

    roles: Annotated[list[Role], msgspec.Meta(max_length=100)]


class SetOrgPolicy(Request, frozen=True, kw_only=True):
    """Replaces the roles of one organization."""

    org_policy: OrgPolicy


class RoleByDomain(msgspec.Struct, frozen=True, kw_only=True):
    """A role that members with an address of this domain would have."""

    domain: Text
    role_id: Text


class ChangeOrganization(Request, frozen=True, kw_only=True):
    """Only what is given changes."""

    organization_name: Annotated[Name, msgspec.Meta(min_length=1)] | None = None
    organization_slug: str | None = None
    organization_external_id: NewId | None = None
    organization_logo_url: Annotated[str, msgspec.Meta(max_length=2000)] | None = None
    trusted_metadata: dict[str, Any] | None = None
    sso_default_connection_id: Text | None = None
    sso_jit_provisioning: ConnectedApps | None = None
    sso_jit_provisioning_allowed_connections: Texts | None = None
    email_allowed_domains: Texts | None = None
    claimed_email_domains: Texts | None = None
    email_jit_provisioning: JitProvisioning | None = None
    email_invites: Invites | None = None
    auth_methods: Restriction | None = None
    allowed_auth_methods: Texts | None = None
    mfa_policy: MfaPolicy | None = None
    mfa_methods: Restriction | None = None
    allowed_mfa_methods: Texts | None = None
    rbac_email_implicit_role_assignments: (
        Annotated[list[RoleByDomain], msgspec.Meta(max_length=200)] | None
    ) = None
    oauth_tenant_jit_provisioning: JitProvisioning | None = None
    allowed_oauth_tenants: dict[str, Any] | None = None
    first_party_connected_apps_allowed_type: ConnectedApps | None = None
    allowed_first_party_connected_apps: Texts | None = None
    third_party_connected_apps_allowed_type: ConnectedApps | None = None
    allowed_third_party_connected_apps: Texts | None = None


class ChangeMember(Request, frozen=True, kw_only=True):
    """Only what is given changes."""

    email_address: EmailAddress | None = None
    name: Name | None = None
    external_id: NewId | None = None
    roles: Roles | None = None
    trusted_metadata: dict[str, Any] | None = None
    untrusted_metadata: dict[str, Any] | None = None
    is_breakglass: bool | None = None
    mfa_enrolled: bool | None = None
    mfa_phone_number: PhoneNumber | None = None
    default_mfa_method: MfaMethod | None = None


class CreateMember(ChangeMember, frozen=True, kw_only=True):
    """A new member. ``email_address`` has to be there."""

    create_member_as_pending: bool | None = None


class PersonName(Request, frozen=True, kw_only=True):
    """A user's name in its parts."""

    first_name: PartOfName | None = None
    middle_name: PartOfName | None = None
    last_name: PartOfName | None = None


class ChangeUser(Request, frozen=True, kw_only=True):
    """Only what is given changes."""

    name: PersonName | None = None
    external_id: NewId | None = None
    roles: Roles | None = None
    trusted_metadata: dict[str, Any] | None = None
    untrusted_metadata: dict[str, Any] | None = None


class CreateUser(ChangeUser, frozen=True, kw_only=True):
    """A new user, with an e-mail address or a phone number."""

    email: EmailAddress | None = None
    phone_number: PhoneNumber | None = None
    create_user_as_pending: bool | None = None


class Operand(Request, frozen=True, kw_only=True):
    """One condition of a search."""

    filter_name: Text
    filter_value: Any


class SearchQuery(Request, frozen=True, kw_only=True):
    """Conditions, all of which or any of which have to hold."""

    operator: Literal["AND", "OR"]
    operands: Annotated[list[Operand], msgspec.Meta(max_length=50)]


class Search(Request, frozen=True, kw_only=True):
    """A search; no query finds everything."""

    cursor: Annotated[str, msgspec.Meta(max_length=2000)] | None = None
    limit: Limit | None = None
    query: SearchQuery | None = None


class SearchMembers(Search, frozen=True, kw_only=True):
    """A search among the members of some organizations."""

    organization_ids: Annotated[list[Id], msgspec.Meta(max_length=100)]

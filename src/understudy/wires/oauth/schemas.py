"""OAuth 2.0 as JSON: what its standards prescribe, and no more."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.http.query import Query
from understudy.http.shapes import Answer, Id, Input, Time


class ClientCredentials(msgspec.Struct, frozen=True, kw_only=True):
    """A request of a client, sent as a form; unknown parameters are ignored.

    Credentials may stand here instead of in the header (RFC 6749, section 2.3.1).
    """

    client_id: str | None = None
    client_secret: str | None = None


class TokenRequest(ClientCredentials, frozen=True, kw_only=True):
    """An access token request (RFC 6749, sections 4.1.3 and 6; RFC 8693, section 2.1).

    `resource` and `audience` may be repeated.
    """

    grant_type: str
    code: str | None = None
    redirect_uri: str | None = None
    code_verifier: str | None = None
    refresh_token: str | None = None
    subject_token: str | None = None
    subject_token_type: str | None = None
    actor_token: str | None = None
    actor_token_type: str | None = None
    requested_token_type: str | None = None
    scope: str | None = None
    resource: list[str] = []
    audience: list[str] = []


class TokenAnswer(Answer, frozen=True, kw_only=True):
    """An access token answer (RFC 6749, section 5.1).

    ``access_token`` is the session JWT, ``refresh_token`` the session token; after an exchange
    ``issued_token_type`` says what it is (RFC 8693, section 2.2.1).
    """

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str
    scope: str
    issued_token_type: str | UnsetType = UNSET


class TokenToInspect(ClientCredentials, frozen=True, kw_only=True):
    """A session JWT or a session token (RFC 7662, section 2.1). The hint is not needed."""

    token: str
    token_type_hint: str | None = None


class TokenToRevoke(ClientCredentials, frozen=True, kw_only=True):
    """A session JWT or a session token (RFC 7009, section 2.1). The hint is not needed."""

    token: str
    token_type_hint: str | None = None


class ActorClaim(Answer, frozen=True, kw_only=True):
    """Who acts (RFC 8693, section 4.1): an operator of the issuer, or somebody whom the
    application named, whose `iss` says so.
    """

    iss: str
    sub: str


class Introspection(Answer, frozen=True, kw_only=True):
    """What a token is right now (RFC 7662, section 2.2); `active` alone when it is not good.

    A session token has no `token_type` and no `jti`: it is for the token endpoint only.
    """

    active: bool
    iss: str | UnsetType = UNSET
    sub: str | UnsetType = UNSET
    aud: str | UnsetType = UNSET
    client_id: str | UnsetType = UNSET
    iat: int | UnsetType = UNSET
    nbf: int | UnsetType = UNSET
    exp: int | UnsetType = UNSET
    jti: str | UnsetType = UNSET
    sid: str | UnsetType = UNSET
    scope: str | UnsetType = UNSET
    token_type: str | UnsetType = UNSET
    act: ActorClaim | UnsetType = UNSET
    understudy: dict[str, str | int] | UnsetType = UNSET


class OAuthError(Answer, frozen=True, kw_only=True):
    """An error (RFC 6749, section 5.2; RFC 8693, section 2.2.2)."""

    error: str
    error_description: str


class AuthorizationServer(Answer, frozen=True, kw_only=True):
    """Authorization server metadata (RFC 8414, section 2)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    introspection_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    response_types_supported: list[str]
    response_modes_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    introspection_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    code_challenge_methods_supported: list[str]
    authorization_response_iss_parameter_supported: bool
    scopes_supported: list[str]
    backchannel_logout_supported: bool
    backchannel_logout_session_supported: bool


class PublicKey(Answer, frozen=True, kw_only=True):
    """An RSA key that verifies session JWTs or logout tokens (RFC 7517, RFC 7518 section 6.3.1)."""

    kty: str
    use: str
    alg: str
    kid: str
    n: str
    e: str


class KeySet(Answer, frozen=True, kw_only=True):
    """The keys of one application, or of all (RFC 7517, section 5)."""

    keys: list[PublicKey]


class ActorTokenRequest(Input, frozen=True, kw_only=True):
    """The application that may show the token."""

    application_id: Id


class ActorToken(Answer, frozen=True, kw_only=True):
    """The parameters of a token exchange that prove an operator's presence (RFC 8693)."""

    actor_token: str
    actor_token_type: str
    expires_at: Time


class SubjectToken(Answer, frozen=True, kw_only=True):
    """The parameters of a token exchange that name the user; good once (RFC 8693)."""

    subject_token: str
    subject_token_type: str
    expires_at: Time


class AuthorizeQuery(Query, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """An authorization request (RFC 6749, section 4.1.1; PKCE by RFC 7636, section 4.3).

    Unknown parameters are ignored (RFC 6749, section 3.1); repeated ones are refused.
    """

    client_id: str | UnsetType = UNSET
    redirect_uri: str | UnsetType = UNSET
    response_type: Annotated[str, msgspec.Meta(description="`code`.")] | UnsetType = UNSET
    code_challenge: str | UnsetType = UNSET
    code_challenge_method: Annotated[str, msgspec.Meta(description="`S256`.")] | UnsetType = UNSET
    state: str | UnsetType = UNSET
    login_hint: str | UnsetType = UNSET
    scope: str | UnsetType = UNSET


class KeysQuery(Query, frozen=True, kw_only=True):
    """Whose keys are wanted; without it those of all applications."""

    application_id: Id | UnsetType = UNSET

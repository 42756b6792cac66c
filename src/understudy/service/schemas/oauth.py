"""OAuth 2.0 as JSON: what RFC 6749, RFC 8414 and RFC 7517 prescribe, and no more."""

from __future__ import annotations

import msgspec

from understudy.service.schemas.base import Answer


class TokenRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An access token request (RFC 6749, section 4.1.3), sent as a form.

    Credentials may stand here instead of in the header; unknown parameters are ignored.
    """

    grant_type: str
    code: str | None = None
    redirect_uri: str | None = None
    code_verifier: str | None = None
    client_id: str | None = None
    client_secret: str | None = None


class TokenAnswer(Answer, frozen=True, kw_only=True):
    """An access token answer (RFC 6749, section 5.1).

    ``access_token`` is the session JWT, ``refresh_token`` the session token.
    """

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str
    scope: str


class OAuthError(Answer, frozen=True, kw_only=True):
    """An error (RFC 6749, section 5.2)."""

    error: str
    error_description: str


class AuthorizationServer(Answer, frozen=True, kw_only=True):
    """Authorization server metadata (RFC 8414, section 2)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    response_types_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    code_challenge_methods_supported: list[str]
    authorization_response_iss_parameter_supported: bool
    scopes_supported: list[str]


class PublicKey(Answer, frozen=True, kw_only=True):
    """An RSA key that verifies session JWTs (RFC 7517, RFC 7518 section 6.3.1)."""

    kty: str
    use: str
    alg: str
    kid: str
    n: str
    e: str


class KeySet(Answer, frozen=True, kw_only=True):
    """The keys of one application, or of all (RFC 7517, section 5)."""

    keys: list[PublicKey]

"""What clients may know about this authorization server beforehand (RFC 8414, section 2).

Back-channel logout is told as its own standard says (OpenID Back-Channel Logout 1.0, section 2.1).
"""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.impersonation.restrictions import Scope
from understudy.wires.oauth.token import GRANT_TYPES

AUTHORIZE_PATH = "/oauth2/authorize"
TOKEN_PATH = "/oauth2/token"  # noqa: S105  # a path
INTROSPECT_PATH = "/oauth2/introspect"
REVOKE_PATH = "/oauth2/revoke"
METADATA_PATH = "/.well-known/oauth-authorization-server"
KEYS_PATH = "/.well-known/jwks.json"

_CLIENT_AUTHENTICATION = ("client_secret_basic", "client_secret_post")


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The document's members; ``issuer`` is the public URL to the letter."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    introspection_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    response_types_supported: tuple[str, ...] = ("code",)
    response_modes_supported: tuple[str, ...] = ("query",)
    grant_types_supported: tuple[str, ...] = GRANT_TYPES
    token_endpoint_auth_methods_supported: tuple[str, ...] = _CLIENT_AUTHENTICATION
    introspection_endpoint_auth_methods_supported: tuple[str, ...] = _CLIENT_AUTHENTICATION
    revocation_endpoint_auth_methods_supported: tuple[str, ...] = _CLIENT_AUTHENTICATION
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
    authorization_response_iss_parameter_supported: bool = True
    scopes_supported: tuple[str, ...] = tuple(scope.value for scope in Scope)
    backchannel_logout_supported: bool = True
    backchannel_logout_session_supported: bool = True


def metadata(issuer: str) -> Metadata:
    """The document of the server at ``issuer``."""
    return Metadata(
        issuer=issuer,
        authorization_endpoint=issuer + AUTHORIZE_PATH,
        token_endpoint=issuer + TOKEN_PATH,
        introspection_endpoint=issuer + INTROSPECT_PATH,
        revocation_endpoint=issuer + REVOKE_PATH,
        jwks_uri=issuer + KEYS_PATH,
    )

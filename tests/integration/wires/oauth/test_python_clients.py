"""Authlib and PyJWT, unchanged, against the service over loopback."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import jwt as pyjwt
import pytest
from authlib.oauth2.rfc6750.errors import InvalidTokenError  # type: ignore[import-untyped]
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata  # type: ignore[import-untyped]
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator  # type: ignore[import-untyped]
from joserfc.jwk import KeySet

from tests.integration.proof.process import SECONDS
from tests.integration.wires.oauth_server import (
    EXCHANGE,
    REDIRECT_URL,
    OAuthServer,
    oauth_server,
)

with warnings.catch_warnings():
    # The library would rather have the successor of httpx.
    warnings.simplefilter("ignore")
    from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
    from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]

VERIFIER = "v" * 43


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OAuthServer]:
    """The service."""
    with oauth_server(tmp_path_factory.mktemp("oauth")) as found:
        yield found


@pytest.fixture(scope="module")
def metadata(server: OAuthServer) -> dict[str, Any]:
    """What a client discovers."""
    url = f"{server.issuer}/.well-known/oauth-authorization-server"
    found = AuthorizationServerMetadata(httpx.get(url, timeout=SECONDS).json())
    # The library wants https, even for loopback.
    insecure = [name for name, text in found.items() if str(text).startswith("http://")]
    for name in insecure:
        setattr(found, f"validate_{name}", lambda: None)
    found.validate()
    assert found["issuer"] == server.issuer
    return dict(found)


@pytest.fixture(params=["client_secret_basic", "client_secret_post"])
def library(request: pytest.FixtureRequest, server: OAuthServer) -> Iterator[Any]:
    """Authlib's client, signing in either way."""
    with OAuth2Client(
        client_id=server.place.application_id,
        client_secret=server.place.secret,
        token_endpoint_auth_method=request.param,
        revocation_endpoint_auth_method=request.param,
        redirect_uri=REDIRECT_URL,
        code_challenge_method="S256",
        timeout=SECONDS,
    ) as client:
        yield client


def exchanged(library: Any, metadata: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
    return dict(library.fetch_token(metadata["token_endpoint"], grant_type=EXCHANGE, **form))


def resource_server(server: OAuthServer, metadata: dict[str, Any], audience: str) -> Any:
    class Validator(JWTBearerTokenValidator):  # type: ignore[misc]
        def get_jwks(self) -> Any:
            keys = httpx.get(metadata["jwks_uri"], timeout=SECONDS).json()
            return KeySet.import_key_set(keys)

    return Validator(server.issuer, audience)


def decoded(token: str, server: OAuthServer, metadata: dict[str, Any]) -> dict[str, Any]:
    """As PyJWT has it."""
    key = pyjwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(token)
    claims: dict[str, Any] = pyjwt.decode(
        token,
        key,
        algorithms=["RS256"],
        issuer=server.issuer,
        audience=server.place.application_id,
        options={"require": ["iss", "exp", "aud", "sub", "iat", "jti"]},
    )
    return claims


def introspected(library: Any, metadata: dict[str, Any], token: str) -> dict[str, Any]:
    answer = library.introspect_token(metadata["introspection_endpoint"], token=token)
    return dict(answer.json())


def test_authlib_exchanges_validates_refreshes_inspects_and_revokes(
    server: OAuthServer, metadata: dict[str, Any], library: Any
) -> None:
    token = exchanged(library, metadata, server.redeeming())
    claims = decoded(token["access_token"], server, metadata)
    assert claims["sub"] == "ada"
    assert claims["act"]["sub"] == "kim"
    validator = resource_server(server, metadata, server.place.application_id)
    validated = validator.authenticate_token(token["access_token"])
    validator.validate_token(validated, ["full"], None)
    assert validated["act"] == claims["act"]
    refreshed = library.refresh_token(
        metadata["token_endpoint"], refresh_token=token["refresh_token"]
    )
    assert refreshed["refresh_token"] == token["refresh_token"]
    assert decoded(refreshed["access_token"], server, metadata)["sid"] == claims["sid"]
    told = introspected(library, metadata, refreshed["access_token"])
    assert told["active"]
    assert (told["sid"], told["act"]) == (claims["sid"], claims["act"])
    revoked = library.revoke_token(metadata["revocation_endpoint"], token=token["refresh_token"])
    assert revoked.status_code == 200
    for half in (token["access_token"], refreshed["access_token"], token["refresh_token"]):
        assert introspected(library, metadata, half) == {"active": False}
    with pytest.raises(OAuthError, match="invalid_grant"):
        library.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])


def test_authlib_delegates_once(
    server: OAuthServer, metadata: dict[str, Any], library: Any
) -> None:
    form = server.delegating()
    token = exchanged(library, metadata, form)
    claims = decoded(token["access_token"], server, metadata)
    assert claims["act"] == {"iss": server.issuer, "sub": server.operator_id}
    with pytest.raises(OAuthError, match="invalid_request"):
        exchanged(library, metadata, form)
    assert introspected(library, metadata, token["access_token"]) == {"active": False}


def test_authlib_takes_a_launch_to_a_token(
    server: OAuthServer, metadata: dict[str, Any], library: Any
) -> None:
    url, state = library.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=VERIFIER, login_hint=server.launched()
    )
    back = httpx.get(url, headers={"cookie": server.cookie}, timeout=SECONDS)
    token = library.fetch_token(
        metadata["token_endpoint"],
        authorization_response=back.headers["location"],
        code_verifier=VERIFIER,
        state=state,
    )
    assert decoded(token["access_token"], server, metadata)["act"]["sub"] == server.operator_id


def test_another_audience_or_issuer_takes_nothing(
    server: OAuthServer, metadata: dict[str, Any], library: Any
) -> None:
    token = exchanged(library, metadata, server.redeeming())["access_token"]
    elsewhere = resource_server(server, metadata, "app_other")
    with pytest.raises(InvalidTokenError):
        elsewhere.validate_token(elsewhere.authenticate_token(token), None, None)
    key = pyjwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(token)
    with pytest.raises(pyjwt.InvalidAudienceError):
        pyjwt.decode(token, key, algorithms=["RS256"], audience="app_other")
    with pytest.raises(pyjwt.InvalidIssuerError):
        pyjwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=server.place.application_id,
            issuer="https://elsewhere.example",
        )


def test_a_wrong_secret_is_an_error_of_the_library(
    server: OAuthServer, metadata: dict[str, Any], library: Any
) -> None:
    form = server.redeeming()
    library.client_secret = "usk_wrong"
    with pytest.raises(OAuthError, match="invalid_client"):
        exchanged(library, metadata, form)
    library.client_secret = server.place.secret
    assert exchanged(library, metadata, form)["token_type"] == "Bearer"

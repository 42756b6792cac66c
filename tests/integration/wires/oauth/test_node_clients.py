"""`oauth4webapi` and `openid-client` for Node, unchanged, against the service over loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.node import run_client
from tests.integration.wires.oauth_server import REDIRECT_URL, OAuthServer, oauth_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OAuthServer]:
    """The service."""
    folder: Path = tmp_path_factory.mktemp("oauth")
    with oauth_server(folder) as found:
        yield found


def run(server: OAuthServer, script: str) -> dict[str, Any]:
    launch = {
        "grantId": server.launched(),
        "cookie": server.cookie,
        "redirectUri": REDIRECT_URL,
    }
    given = {
        **server.client,
        "redeeming": server.redeeming(),
        "delegating": server.delegating(),
        "launch": launch,
    }
    return dict(run_client(script, given))


def by_backend(server: OAuthServer) -> dict[str, str]:
    return {
        "iss": f"{server.issuer}/applications/{server.place.application_id}",
        "sub": "kim",
    }


def by_operator(server: OAuthServer) -> dict[str, str]:
    return {"iss": server.issuer, "sub": server.operator_id}


def test_oauth4webapi_goes_the_whole_way(server: OAuthServer) -> None:
    found = run(server, "oauth_oauth4webapi.mjs")
    assert found["server"]["issuer"] == server.issuer
    assert found["redeemed"]["token_type"] == "bearer"
    assert found["redeemed"]["issued_token_type"] == (
        "urn:ietf:params:oauth:token-type:access_token"
    )
    for name in ("validated", "refreshed"):
        assert found[name]["sub"] == "ada"
        assert found[name]["act"] == by_backend(server)
        assert found[name]["aud"] == server.place.application_id
    for name in ("delegated", "handedOff"):
        assert found[name]["sub"] == "ada"
        assert found[name]["act"] == by_operator(server)
    assert found["sameRefreshToken"]
    assert found["forAnotherAudience"]["error"] == "OAUTH_JWT_CLAIM_COMPARISON_FAILED"
    assert [answer["active"] for answer in found["live"]] == [True, True]
    assert found["live"][0]["act"] == by_backend(server)
    assert found["refused"] == {"error": "invalid_request", "status": 400}
    assert found["over"] == [{"active": False}, {"active": False}]
    assert found["refreshedTooLate"] == {"error": "invalid_grant", "status": 400}
    assert found["replayed"] == {"error": "invalid_request", "status": 400}
    assert found["afterReplay"] == {"active": False}


def test_openid_client_goes_the_whole_way(server: OAuthServer) -> None:
    found = run(server, "oauth_openid_client.mjs")
    assert found["issuer"] == server.issuer
    assert found["redeemed"]["scope"] == "full"
    assert 290 <= found["expiresIn"] <= 300
    assert found["live"]["active"]
    assert found["live"]["act"] == by_backend(server)
    for name in ("delegated", "handedOff"):
        assert found[name]["sub"] == "ada"
        assert found[name]["act"] == by_operator(server)
    assert found["replayed"] == {"error": "invalid_request", "status": 400}
    assert found["over"] == {"active": False}
    assert found["refreshedTooLate"] == {"error": "invalid_grant", "status": 400}

"""The official Node SDKs against the service: nothing is set but URLs and keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.node import run_client
from tests.fixtures.ports import free_port
from tests.integration.wires.clerk import place as places
from tests.integration.wires.clerk.place import ACTOR, Place
from understudy.wires.clerk.jwt import LIFE


def _given(place: Place, **more: object) -> dict[str, Any]:
    return {
        "apiUrl": place.api,
        "publishableKey": place.publishable_key,
        "secretKey": place.tenant.secret,
        "actor": ACTOR,
        "pem": place.stranger.get(f"/clerk/apps/{place.tenant.application.id}/jwt-key.pem").text,
        **more,
    }


def _environment(place: Place) -> dict[str, str]:
    return {
        "CLERK_API_URL": place.api,
        "CLERK_PUBLISHABLE_KEY": place.publishable_key,
        "CLERK_SECRET_KEY": place.tenant.secret,
    }


@pytest.fixture
def seen(place: Place) -> dict[str, Any]:
    """What a Node backend sees."""
    found: dict[str, Any] = run_client("clerk_backend.mjs", _given(place, others={}))
    return found


def test_a_node_backend_does_all_that_it_does_with_clerk(seen: dict[str, Any]) -> None:
    signed_in = {
        "status": "signed-in",
        "reason": None,
        "userId": "ada",
        "actor": ACTOR,
        "sessionId": seen["exchanged"]["session"]["id"],
    }
    assert seen["actorToken"] == {"status": "pending", "userId": "ada", "actor": ACTOR}
    assert seen["byJwks"] == seen["byPem"] == signed_in
    assert seen["verified"]["act"] == seen["templatedActor"] == seen["session"] == ACTOR
    assert seen["sessions"] == {"ids": [signed_in["sessionId"]], "totalCount": 1}
    assert seen["ticketAsBearer"]["status"] == "signed-out"
    assert (seen["withdrawn"], seen["revoked"]) == ("revoked", "revoked")
    assert any(line.startswith("__session=ey") for line in seen["directives"])


def test_users_are_those_of_the_directory(seen: dict[str, Any]) -> None:
    assert seen["users"] == {"ids": ["ada"], "totalCount": 1}
    assert seen["user"] == "Ada Lovett"
    assert seen["made"] == {
        "id": seen["made"]["id"],
        "fullName": "Newer User",
        "email": "new@acme.example",
        "publicMetadata": {"plan": "gold"},
    }
    assert seen["made"]["id"].startswith("user_")
    assert seen["deleted"]["deleted"] is True


def test_refusals_are_errors_of_the_sdk_with_their_codes(seen: dict[str, Any]) -> None:
    codes = {
        name: (refused["status"], refused["code"]) for name, refused in seen["refusals"].items()
    }
    assert codes == {
        "replayedNonce": (404, "resource_not_found"),
        "replayedTicket": (400, "actor_token_already_used_code"),
        "revokedSession": (404, "resource_not_found"),
        "withdrawnAgain": (400, "actor_token_cannot_be_revoked_code"),
        "usedOne": (400, "actor_token_cannot_be_revoked_code"),
        "unknownUser": (422, "form_resource_not_found"),
        "protectedUser": (422, "form_resource_not_found"),
        "noSub": (422, "form_param_missing"),
        "signInToken": (403, "feature_not_enabled"),
        "unknownSession": (404, "resource_not_found"),
        "wrongKey": (401, "clerk_key_invalid"),
        "createSession": (400, "session_creation_not_allowed"),
    }
    assert seen["refusals"]["noSub"]["meta"]["paramName"] == "actor.sub"
    assert seen["refusals"]["unknownUser"] == seen["refusals"]["protectedUser"]


def test_a_server_rendered_app_is_signed_in_by_the_tickets_page_alone(tmp_path: Path) -> None:
    port = free_port()
    past = -3 * LIFE
    with places.place(tmp_path, app_url=f"http://127.0.0.1:{port}", shift=past) as place:
        stale = place.exchanged()["jwt"]
        place.clock.shift = timedelta()
        given = {
            "proxyUrl": place.api,
            "port": port,
            "ticketUrl": place.actor_token()["url"],
            "staleJwt": stale,
        }
        seen = run_client("clerk_express.mjs", given, environment=_environment(place))
    nobody = {"userId": None, "actor": None, "sessionId": None}
    ada = {"userId": "ada", "actor": ACTOR, "sessionId": seen["landing"]["sessionId"]}
    assert seen["before"] == {"statuses": [200], "at": seen["before"]["at"], "seen": nobody}
    assert (seen["page"], seen["accepted"]) == (200, 200)
    assert seen["landing"] == seen["clean"]["seen"] == seen["fetched"] == ada
    assert seen["cookies"] == ["__client_uat", "__session"]
    assert seen["landingAgain"] == nobody
    for renewed in ("withoutUat", "withoutSession", "expired", "backAgain"):
        assert (seen[renewed]["statuses"], seen[renewed]["seen"]) == ([307, 307, 200], ada)
        assert "/again?x=1&y=%2F&__clerk_handshake_nonce=" in seen[renewed]["at"]
    assert seen["expiredFetch"] == nobody
    assert seen["otherBrowser"]["seen"] == nobody
    assert seen["revoked"]["seen"] == nobody
    assert ["__client_uat", "0"] in seen["cookiesAfter"]
    assert "__session" not in dict(seen["cookiesAfter"])

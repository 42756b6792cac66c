"""Of all JWTs that look alike, only one of this wire and this project passes, wherever it goes."""

from __future__ import annotations

import jwt as pyjwt
import pytest
from stytch import B2BClient

from tests.integration.wires.stytch.jwts import LOCALLY_GENUINE, forged
from tests.integration.wires.stytch.place import Place

# The SDK itself uses what its own dependencies have deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

_NOT_FOUND = {(404, "session_not_found"), (400, "unable_to_parse_session_jwt")}


def _passes(sdk: B2BClient, text: str) -> bool:
    try:
        return sdk.sessions.authenticate_jwt_local(text) is not None
    except pyjwt.PyJWTError:
        return False


def test_no_other_jwt_passes_at_any_endpoint(place: Place) -> None:
    session = place.session()
    for kind, text in forged(place, session["session_jwt"], place.b2b).items():
        for path, body in (
            ("authenticate", {}),
            ("revoke", {}),
            ("exchange", {"organization_id": "globex"}),
        ):
            answer = place.post(f"/v1/b2b/sessions/{path}", {**body, "session_jwt": text})
            said = (answer.status_code, answer.json()["error_type"])
            assert said in _NOT_FOUND, (kind, path, said)
    alive = {"session_jwt": session["session_jwt"]}
    assert place.post("/v1/b2b/sessions/authenticate", alive).status_code == 200


def test_no_other_jwt_passes_the_sdks_own_check(place: Place) -> None:
    sdk = place.b2b_sdk()
    session = place.session()
    for kind, text in forged(place, session["session_jwt"], place.b2b).items():
        assert _passes(sdk, text) == (kind in LOCALLY_GENUINE), kind
    assert _passes(sdk, session["session_jwt"])


def test_a_jwt_of_another_project_is_nobodys_here(place: Place) -> None:
    theirs = place.session(place.other)
    for names in (
        {"session_jwt": theirs["session_jwt"]},
        {"session_token": theirs["session_token"]},
        {"member_session_id": theirs["member_session"]["member_session_id"]},
    ):
        answer = place.post("/v1/b2b/sessions/revoke", names)
        assert (answer.status_code, answer.json()["error_type"]) == (404, "session_not_found")
    assert not _passes(place.b2b_sdk(), theirs["session_jwt"])
    alive = {"session_token": theirs["session_token"]}
    assert place.post("/v1/b2b/sessions/authenticate", alive, place.other).status_code == 200


def test_each_projects_keys_are_its_own(place: Place) -> None:
    place.session()
    place.session(place.other)
    found = [
        place.call("GET", f"/v1/b2b/sessions/jwks/{project.id}").json()["keys"]
        for project in (place.b2b, place.other)
    ]
    kids = [{key["kid"] for key in keys} for keys in found]
    assert [len(one) for one in kids] == [1, 1]
    assert kids[0].isdisjoint(kids[1])
    native = place.call("GET", "/.well-known/jwks.json").json()["keys"]
    assert not (kids[0] | kids[1]) & {key["kid"] for key in native}

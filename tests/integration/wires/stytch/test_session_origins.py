"""Launches with a token, and pages of the browser SDK, at origins of sessions."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.integration.wires.stytch.place import ORIGIN, REASON, Place
from understudy.core.applications.session_origins import SessionOrigins
from understudy.core.people.permissions import Role
from understudy.wires.stytch.project import public_token

PATTERN = "http://*.view.localhost:3000"
SDK = "/sdk/v1/b2b"


def _launched(place: Place, times: int = 1) -> list[tuple[str, str, str]]:
    """Origins, the tokens that are handed over there, and where."""
    body = {"application_id": place.b2b.id, "subject_id": "ada", "reason": REASON}
    found = []
    with place.operator(Role.SUPPORT_MANAGER) as browser:
        for _ in range(times):
            grant = browser.post("/api/v1/impersonations", json=body).json()["grant"]
            launched = browser.post(f"/api/v1/grants/{grant['id']}/launch").json()
            assert launched["origin"] == grant["origin"]
            url = launched["url"]
            found.append((grant["origin"], parse_qs(urlsplit(url).query)["token"][0], url))
    return found


def _ask(place: Place, call: str, secret: str, origin: str, body: dict[str, Any]) -> httpx.Response:
    auth = (public_token(place.b2b.id), secret)
    headers = {"origin": origin, "sec-fetch-site": "cross-site"}
    return httpx.post(place.base + SDK + call, json=body, auth=auth, headers=headers)


def _begin(place: Place, token: str, origin: str) -> httpx.Response:
    name = public_token(place.b2b.id)
    call = "/impersonation/authenticate"
    return _ask(place, call, name, origin, {"impersonation_token": token})


def _is_foreign(answer: httpx.Response) -> bool:
    named = answer.json()["error_type"] == "bad_domain_for_stytch_sdk"
    return (
        answer.status_code == 403 and named and "access-control-allow-origin" not in answer.headers
    )


def test_a_token_is_put_into_the_address_at_the_origin_of_the_grant(place: Place) -> None:
    place.change_settings(place.b2b, session_origins=PATTERN)
    [(origin, _, url)] = _launched(place)
    assert SessionOrigins.parse(PATTERN).has(origin)
    assert url.startswith(f"{origin}/authenticate?from=support&stytch_token_type=")


@pytest.mark.parametrize("later", [PATTERN, None])
def test_a_session_is_begun_and_refreshed_by_pages_of_its_own_origin_alone_and_ends_there(
    place: Place, later: str | None
) -> None:
    place.change_settings(place.b2b, session_origins=PATTERN)
    (origin, token, _), (other, _, _) = _launched(place, 2)
    place.change_settings(place.b2b, session_origins=later)
    for foreign in (ORIGIN, other, origin.replace("view", "evil")):
        assert _is_foreign(_begin(place, token, foreign)), foreign
    begun = _begin(place, token, origin)
    assert begun.status_code == 200, begun.text
    assert begun.headers["access-control-allow-origin"] == origin
    secret = begun.json()["data"]["session_token"]
    for foreign in (ORIGIN, other):
        assert _is_foreign(_ask(place, "/sessions/authenticate", secret, foreign, {})), foreign
    for call in ("/sessions/authenticate", "/sessions/revoke"):
        answer = _ask(place, call, secret, origin, {})
        assert answer.status_code == 200, answer.text
        assert answer.headers["access-control-allow-origin"] == origin


def test_an_origin_of_a_session_opens_nothing_without_its_token(place: Place) -> None:
    without = place.token()
    place.change_settings(place.b2b, session_origins=PATTERN)
    [(origin, _, _)] = _launched(place)
    assert _is_foreign(_begin(place, without, origin))
    assert _is_foreign(_begin(place, "usi_unknown", origin))
    assert _begin(place, without, ORIGIN).status_code == 200


@pytest.mark.parametrize("on", [True, False])
def test_browsers_are_told_that_pages_of_sessions_may_ask(place: Place, on: bool) -> None:
    place.change_settings(place.b2b, session_origins=PATTERN)
    [(origin, _, _)] = _launched(place)
    for project in (place.b2b, place.consumer, place.other):
        place.change_settings(project, browser_sdk=on)
    asked = {"access-control-request-method": "POST"}
    url = f"{place.base}{SDK}/sessions/authenticate"
    answer = httpx.options(url, headers={"origin": origin} | asked)
    assert answer.headers.get("access-control-allow-origin") == (origin if on else None)
    unlabelled = "http://www.view.localhost:3000"
    answer = httpx.options(url, headers={"origin": unlabelled} | asked)
    assert "access-control-allow-origin" not in answer.headers

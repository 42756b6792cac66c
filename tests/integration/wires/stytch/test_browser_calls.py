"""The calls of the browser SDK: a public token, the origins of an admin, and a switch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.wires.stytch import place as places
from tests.integration.wires.stytch.place import ORIGIN, Place, Project
from understudy.core.notices.denials import WINDOW
from understudy.wires.stytch.project import public_token

PATHS = {
    "b2b": "/sdk/v1/b2b/impersonation/authenticate",
    "consumer": "/sdk/v1/impersonation/authenticate",
}


def _ask(
    place: Place, project: Project, token: str, *, origin: str | None = ORIGIN, **changes: Any
) -> httpx.Response:
    """What the browser SDK sends (`X-SDK-Client` is telemetry)."""
    name = public_token(project.id)
    headers = {"X-SDK-Client": "e30=", "X-SDK-Parent-Host": ORIGIN, "sec-fetch-site": "cross-site"}
    if origin is not None:
        headers["origin"] = origin
    body = {"impersonation_token": token, "dfp_telemetry_id": None, "captcha_token": None}
    path = PATHS["consumer" if project is place.consumer else "b2b"]
    options = {"json": body, "auth": (name, name), "headers": headers} | changes
    return httpx.post(place.base + path, **options)


@pytest.mark.parametrize("vertical", ["b2b", "consumer"])
def test_a_page_of_the_app_exchanges_the_token_of_its_url(place: Place, vertical: str) -> None:
    project = place.b2b if vertical == "b2b" else place.consumer
    answer = _ask(place, project, place.token(project))
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "Origin"
    found = answer.json()
    assert found["status_code"] == 200
    # The browser SDK takes what lies under `data`.
    session = found["data"]["member_session" if vertical == "b2b" else "session"]
    assert [one["type"] for one in session["authentication_factors"]] == ["impersonated"]
    assert found["data"]["session_token"]


def test_a_refused_token_is_an_error_that_the_page_can_read(place: Place) -> None:
    token = place.token()
    assert _ask(place, place.b2b, token).status_code == 200
    for bad in (token, "usi_unknown"):
        answer = _ask(place, place.b2b, bad)
        assert (answer.status_code, answer.json()["error_type"]) == (
            401,
            "unable_to_auth_impersonation_token",
        )
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "www-authenticate" not in answer.headers
    answer = _ask(place, place.b2b, "", json={"impersonation_token": 7})
    assert (answer.status_code, answer.json()["error_type"]) == (400, "bad_request")
    assert answer.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", f"{ORIGIN}.evil.example"])
def test_pages_of_other_origins_get_nothing(place: Place, origin: str | None) -> None:
    token = place.token()
    answer = _ask(place, place.b2b, token, origin=origin)
    assert (answer.status_code, answer.json()["error_type"]) == (403, "bad_domain_for_stytch_sdk")
    assert "access-control-allow-origin" not in answer.headers
    assert _ask(place, place.b2b, token).status_code == 200


def test_it_is_off_unless_an_admin_switches_it_on(place: Place) -> None:
    token = place.token()
    place.change_settings(place.b2b, browser_sdk=False)
    answer = _ask(place, place.b2b, token)
    assert (answer.status_code, answer.json()["error_type"]) == (
        403,
        "endpoint_not_authorized_for_sdk",
    )
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "auth",
    [None, ("public-token-app_unknown", ""), ("app_unknown", "x"), ("", "")],
)
def test_a_public_token_has_to_be_one(place: Place, auth: tuple[str, str] | None) -> None:
    answer = _ask(place, place.b2b, "usi_x", auth=auth)
    expected = (
        (401, "unauthorized_credentials") if auth is None else (404, "public_token_not_found")
    )
    assert (answer.status_code, answer.json()["error_type"]) == expected


def test_the_secret_is_not_taken_where_the_public_token_is(place: Place) -> None:
    assert _ask(place, place.b2b, "usi_x", auth=place.b2b.auth).status_code == 404
    name = public_token(place.b2b.id)
    answer = httpx.get(place.base + "/v1/debug/whoami", auth=(name, name))
    assert answer.status_code == 401


def test_a_token_of_another_application_is_refused(place: Place) -> None:
    answer = _ask(place, place.b2b, place.token(place.other))
    assert answer.json()["error_type"] == "unable_to_auth_impersonation_token"


@pytest.mark.parametrize("path", PATHS.values())
def test_browsers_are_told_beforehand_which_pages_may_ask(place: Place, path: str) -> None:
    def ask(origin: str) -> httpx.Response:
        headers = {
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type,x-sdk-client",
        }
        return httpx.options(place.base + path, headers=headers)

    allowed = ask(ORIGIN)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert allowed.headers["access-control-allow-methods"] == "POST"
    for name in ("authorization", "content-type", "x-sdk-client", "x-sdk-parent-host"):
        assert name in allowed.headers["access-control-allow-headers"]
    refused = ask("https://evil.example")
    assert not [name for name in refused.headers if name.startswith("access-control")]
    for project in (place.b2b, place.other, place.consumer):
        place.change_settings(project, browser_sdk=False)
    off = ask(ORIGIN)
    assert not [name for name in off.headers if name.startswith("access-control")]


def test_no_other_endpoint_is_open_to_pages_of_other_sites(place: Place) -> None:
    headers = {"origin": ORIGIN, "access-control-request-method": "POST"}
    answer = httpx.options(place.base + "/v1/b2b/impersonation/authenticate", headers=headers)
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_whoever_guesses_tokens_is_slowed_down(tmp_path: Path) -> None:
    with places.place(tmp_path, rate_multiplier=1.0) as place:
        said = [_ask(place, place.b2b, f"usi_{number}").status_code for number in range(20)]
        slowed = _ask(place, place.b2b, "usi_x")
        assert said == [401] * 20
        assert (slowed.status_code, slowed.json()["error_type"]) == (429, "too_many_requests")
        assert int(slowed.headers["retry-after"]) >= 1
        # They are alike but for what was guessed: one entry, and a count for the next.
        assert len(place.rules()) == 1
        with place.engine.reading() as reader:
            (counted,) = reader.folded_denials.due(place.clock() + WINDOW, 2)
        assert counted.repeats == 19


@pytest.mark.parametrize("vertical", ["b2b", "consumer"])
@pytest.mark.parametrize("what", ["authenticate", "revoke"])
def test_every_call_of_a_page_may_be_asked_beforehand(
    place: Place, vertical: str, what: str
) -> None:
    path = f"/sdk/v1{'/b2b' if vertical == 'b2b' else ''}/sessions/{what}"
    asked = {"access-control-request-method": "POST"}
    own = httpx.options(place.base + path, headers={"origin": ORIGIN, **asked})
    other = httpx.options(place.base + path, headers={"origin": "https://evil.example", **asked})
    assert own.headers["access-control-allow-origin"] == ORIGIN
    assert "authorization" in own.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize("what", ["authenticate", "revoke"])
def test_a_page_reaches_no_session_but_the_one_whose_token_it_holds(
    place: Place, what: str
) -> None:
    session = place.session(place.b2b)
    name = public_token(place.b2b.id)
    path = f"{place.base}/sdk/v1/b2b/sessions/{what}"
    for password in (name, "uss_unknown", session["member_session"]["member_session_id"]):
        answer = httpx.post(path, auth=(name, password), headers={"origin": ORIGIN}, json={})
        assert (answer.status_code, answer.json()["error_type"]) == (404, "session_not_found")
        assert answer.headers["access-control-allow-origin"] == ORIGIN
    # Another project's page may hold the token; it is not a session of that project.
    stranger = public_token(place.consumer.id)
    foreign = httpx.post(
        path.replace("/b2b", ""),
        auth=(stranger, session["session_token"]),
        headers={"origin": ORIGIN},
        json={},
    )
    assert (foreign.status_code, foreign.json()["error_type"]) == (404, "session_not_found")
    good = httpx.post(path, auth=(name, session["session_token"]), headers={"origin": ORIGIN})
    assert good.status_code == 200


def test_strangers_cannot_use_up_what_a_page_ends_its_session_by(tmp_path: Path) -> None:
    # 6 a minute for tokens of nobody's, and 1 for what is not limited apart.
    with places.place(tmp_path, rate_multiplier=0.001) as place:
        session = place.session(place.b2b)
        name = public_token(place.b2b.id)

        def end(token: str) -> httpx.Response:
            path = f"{place.base}/sdk/v1/b2b/sessions/revoke"
            return httpx.post(path, auth=(name, token), headers={"origin": ORIGIN}, json={})

        said = [end("uss_unknown").status_code for _ in range(8)]
        assert said == [404] * 6 + [429] * 2
        assert end(session["session_token"]).status_code == 200

"""The handshake: who is sent where, and what a nonce is worth, to whom, and how often."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import SimpleCookie

import httpx

from tests.integration.wires.clerk.place import ACTOR, APP, Place, claims_of
from understudy.core.notices.events import EventType

ACCEPT = "/clerk/v1/tickets/accept"
OWN_SITE = {"sec-fetch-site": "same-origin"}
NOWHERE = (
    "",
    "https://evil.example/",
    "http://127.0.0.1:9@evil.example/",
    "http://127.0.0.1:9.evil.example/",
    "http://127.0.0.1:90/",
    "https://127.0.0.1:9/",
    "//127.0.0.1:9/",
    "/page",
    "javascript:alert(1)",
    "http://kim:x@127.0.0.1:9/",
    "http://127.0.0.1:9\\@evil.example/",
    "http://127.0.0.1:9/\r\nx: y",
    "http://127.0.0.1:99999/",
    "http://[::1/",
    "http://127.0.0.1:9/" + "x" * 3000,
)
CLEARED = [
    "__session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
    "__client_uat=0; Path=/; SameSite=Lax",
]


def _confirmed(place: Place, ticket: str) -> str:
    """The ``Cookie`` header of a browser in which somebody pressed the button."""
    page = place.stranger.post(ACCEPT, data={"ticket": ticket}, headers=OWN_SITE)
    assert page.status_code == 200, page.text
    place.stranger.cookies.clear()
    return str(page.headers["set-cookie"].partition(";")[0])


def _shake(place: Place, cookie: str = "", url: str = f"{APP}/page?x=1") -> httpx.Response:
    query = {"redirect_url": url, "suffixed_cookies": "false", "format": "nonce"}
    headers = {"cookie": cookie} if cookie else {}
    return place.stranger.get("/v1/client/handshake", params=query, headers=headers)


def _nonce(answer: httpx.Response) -> str:
    return httpx.URL(answer.headers["location"]).params["__clerk_handshake_nonce"]


def _payload(place: Place, nonce: str, secret: str | None = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {secret}"} if secret else {}
    return place.http.get("/clients/handshake_payload", params={"nonce": nonce}, headers=headers)


def _session_of(directives: list[str]) -> str:
    cookies = SimpleCookie()
    for line in directives:
        cookies.load(line)
    return cookies["__session"].value


def test_the_browser_that_confirmed_comes_back_with_a_session(place: Place) -> None:
    cookie = _confirmed(place, place.ticket())
    answer = _shake(place, cookie)
    assert answer.status_code == 307
    assert answer.headers["location"].startswith(f"{APP}/page?x=1&__clerk_handshake_nonce=")
    assert answer.headers["cache-control"] == "no-store"
    directives = _payload(place, _nonce(answer)).json()["directives"]
    claims = claims_of(_session_of(directives))
    assert (claims["sub"], claims["act"], claims["azp"]) == ("ada", ACTOR, APP)
    uat = int(next(line for line in directives if "__client_uat" in line)[13:23])
    assert uat <= claims["iat"]
    for line in directives:
        assert "SameSite=Lax" in line


def test_the_handshake_itself_uses_nothing_up(place: Place) -> None:
    ticket = place.ticket()
    cookie = _confirmed(place, ticket)
    before = place.entries()
    for _ in range(3):
        assert _shake(place, cookie).status_code == 307
    assert place.entries() == before
    place.exchanged(ticket)
    assert "Max-Age=0" not in _payload(place, _nonce(_shake(place, cookie))).text


def test_a_later_visit_goes_on_with_the_same_session_and_counts_as_activity(place: Place) -> None:
    cookie = _confirmed(place, place.ticket())
    seen = set()
    for minutes in (0, 9, 18):
        place.clock.shift = timedelta(minutes=minutes)
        directives = _payload(place, _nonce(_shake(place, cookie))).json()["directives"]
        seen.add(claims_of(_session_of(directives))["sid"])
    assert len(seen) == 1
    assert len(place.entries(EventType.SESSION_STARTED)) == 1
    place.clock.shift = timedelta(minutes=31)
    assert _payload(place, _nonce(_shake(place, cookie))).json() == {"directives": CLEARED}


def test_a_nonce_works_once_for_a_minute_and_for_its_own_application_only(place: Place) -> None:
    place.change_settings(redirect_urls=(f"{APP}/cb",))
    cookie = _confirmed(place, place.ticket())
    nonce = _nonce(_shake(place, cookie))
    # The other application has the same origin in this place, and yet is not signed in by it.
    other = _nonce(_shake(place, cookie))
    assert _payload(place, other, place.other.secret).json() == {"directives": CLEARED}
    assert not place.entries(EventType.TOKEN_REFUSED)
    assert _payload(place, nonce).status_code == 200
    assert _payload(place, nonce).status_code == 404
    late = _nonce(_shake(place, cookie))
    place.clock.shift = timedelta(seconds=61)
    assert _payload(place, late).status_code == 404
    for forged in ("", "x", nonce[:-2], nonce[::-1], "A" * 3000, "ü"):
        assert _payload(place, forged).status_code == 404


def test_an_application_of_another_origin_cannot_use_up_a_nonce(place: Place) -> None:
    place.change_settings(redirect_urls=("http://localhost:9/cb",))
    cookie = _confirmed(place, place.ticket())
    nonce = _nonce(_shake(place, cookie, "http://localhost:9/"))
    assert _payload(place, nonce, place.other.secret).status_code == 404
    assert "__session=ey" in _payload(place, nonce).text


def test_a_browser_without_the_cookie_is_signed_out(place: Place) -> None:
    ticket = place.ticket()
    name, _, value = _confirmed(place, ticket).partition("=")
    _, _, mark = value.partition(".")
    for cookie in (
        "",
        f"{name}={ticket}",
        f"{name}={ticket}.x",
        f"{name}=usi_x.{mark}",
        f"__Host-understudy-clerk-app_x={value}",
        f"__session={value}",
    ):
        answer = _payload(place, _nonce(_shake(place, cookie)))
        assert answer.json() == {"directives": CLEARED}


def test_whoever_confirms_last_before_the_first_use_is_the_one(place: Place) -> None:
    ticket = place.ticket()
    thief = _confirmed(place, ticket)
    stolen = _nonce(_shake(place, thief))
    kim = _confirmed(place, ticket)
    assert _payload(place, stolen).json() == {"directives": CLEARED}
    assert "__session=ey" in _payload(place, _nonce(_shake(place, kim))).text
    assert _payload(place, _nonce(_shake(place, thief))).json() == {"directives": CLEARED}
    late = place.stranger.post(ACCEPT, data={"ticket": ticket}, headers=OWN_SITE)
    assert late.status_code == 410
    assert "__session=ey" in _payload(place, _nonce(_shake(place, kim))).text


def test_a_revoked_session_signs_the_browser_out(place: Place) -> None:
    cookie = _confirmed(place, place.ticket())
    directives = _payload(place, _nonce(_shake(place, cookie))).json()["directives"]
    session_id = claims_of(_session_of(directives))["sid"]
    waiting = _nonce(_shake(place, cookie))
    place.http.post(f"/sessions/{session_id}/revoke")
    assert _payload(place, waiting).json() == {"directives": CLEARED}
    assert _payload(place, _nonce(_shake(place, cookie))).json() == {"directives": CLEARED}


def test_nobody_is_sent_where_no_application_is(place: Place) -> None:
    cookie = _confirmed(place, place.ticket())
    for url in NOWHERE:
        answer = _shake(place, cookie, url)
        assert answer.status_code == 400, url
        assert "location" not in answer.headers, url
        assert answer.headers["content-type"].startswith("text/html")


def test_an_older_nonce_in_the_address_is_replaced(place: Place) -> None:
    url = f"{APP}/?__clerk_handshake_nonce=old&a=%2F&__clerk_handshake=x#there"
    location = _shake(place, "", url).headers["location"]
    assert location.startswith(f"{APP}/?a=%2F&__clerk_handshake_nonce=")
    assert location.endswith("#there")
    assert "old" not in location

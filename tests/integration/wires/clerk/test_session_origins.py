"""Tickets and handshakes at origins of sessions."""

from __future__ import annotations

import httpx
import pytest

from tests.integration.wires.clerk.place import APP, Place, claims_of, exchange
from tests.integration.wires.clerk.test_handshake_calls import (
    CLEARED,
    _nonce,
    _payload,
    _session_of,
    _shake,
)
from tests.integration.wires.clerk.test_ticket_calls import _error, _sign_in
from understudy.core.applications.session_origins import SessionOrigins

PATTERN = "http://*.view.app.localhost:9"
ACCEPT = "/clerk/v1/tickets/accept"
OWN_SITE = {"sec-fetch-site": "same-origin"}


def _confirmed(place: Place, ticket: str) -> tuple[str, str]:
    """The origin that the button leads to, and the cookie of the browser in which it was."""
    page = place.stranger.post(ACCEPT, data={"ticket": ticket}, headers=OWN_SITE)
    assert page.status_code == 200, page.text
    place.stranger.cookies.clear()
    url = httpx.URL(page.headers["refresh"].removeprefix("0; url="))
    assert url.path == "/_understudy/callback"
    origin = f"{url.scheme}://{url.netloc.decode()}"
    return origin, str(page.headers["set-cookie"].partition(";")[0])


@pytest.fixture
def ticket(place: Place) -> str:
    """A ticket of a grant with an origin of its own."""
    place.change_settings(session_origins=PATTERN)
    return place.ticket()


def test_the_button_leads_to_the_origin_of_the_grant(place: Place, ticket: str) -> None:
    origin, _ = _confirmed(place, ticket)
    assert SessionOrigins.parse(PATTERN).has(origin)
    assert claims_of(exchange(place, ticket).json()["jwt"])["azp"] == origin


@pytest.mark.parametrize("later", [PATTERN, None])
def test_a_page_signs_in_at_the_origin_of_its_ticket_alone(
    place: Place, ticket: str, later: str | None
) -> None:
    other, _ = _confirmed(place, place.ticket())
    origin, _ = _confirmed(place, ticket)
    place.change_settings(session_origins=later)
    for foreign in (APP, other):
        assert _error(_sign_in(place, ticket, origin=foreign)) == (400, "origin_invalid")
    signed_in = _sign_in(place, ticket, origin=origin)
    assert signed_in.status_code == 200, signed_in.text
    assert signed_in.headers["access-control-allow-origin"] == origin
    preflight = place.stranger.options(
        "/v1/client/sign_ins", headers={"origin": origin, "access-control-request-method": "POST"}
    )
    assert preflight.headers["access-control-allow-origin"] == origin


def test_a_ticket_without_an_origin_signs_in_at_the_apps_alone(place: Place, ticket: str) -> None:
    origin, _ = _confirmed(place, ticket)
    place.change_settings(session_origins=None)
    plain = place.ticket()
    place.change_settings(session_origins=PATTERN)
    assert _error(_sign_in(place, plain, origin=origin)) == (400, "origin_invalid")
    assert _sign_in(place, plain).status_code == 200


@pytest.mark.parametrize("later", [PATTERN, None])
def test_the_handshake_signs_in_at_the_origin_of_the_ticket_alone(
    place: Place, ticket: str, later: str | None
) -> None:
    other, _ = _confirmed(place, place.ticket())
    origin, cookie = _confirmed(place, ticket)
    elsewhere = _nonce(_shake(place, cookie, url=f"{other}/page"))
    at_the_app = _nonce(_shake(place, cookie))
    place.change_settings(session_origins=later)
    own = _nonce(_shake(place, cookie, url=f"{origin}/page"))
    assert _payload(place, at_the_app).json() == {"directives": CLEARED}
    if later is not None:
        assert _payload(place, elsewhere).json() == {"directives": CLEARED}
    claims = claims_of(_session_of(_payload(place, own).json()["directives"]))
    assert (claims["sub"], claims["azp"]) == ("ada", origin)


def test_whoever_is_signed_out_at_such_an_origin_comes_back_there(
    place: Place, ticket: str
) -> None:
    origin, _ = _confirmed(place, ticket)
    back = _shake(place, url=f"{origin}/page")
    assert back.headers["location"].startswith(f"{origin}/page?")
    assert _payload(place, _nonce(back)).json() == {"directives": CLEARED}
    for url in (
        origin.replace("view", "evil"),
        "http://www.view.app.localhost:9",
        origin.replace(":9", ":10"),
    ):
        assert _shake(place, url=f"{url}/page").status_code == 400

"""The page of a ticket, and the button on it."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.integration.wires.clerk.place import ACTOR, APP, Place, claims_of, exchange
from understudy.core.notices.events import EventType

PATHS = ("/clerk/v1/tickets/accept", "/v1/tickets/accept")
OWN_SITE = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("path", PATHS)
def test_looking_at_the_page_burns_nothing(place: Place, path: str) -> None:
    ticket = place.ticket()
    before = place.entries()
    page = place.stranger.get(path, params={"ticket": ticket})
    place.stranger.head(path, params={"ticket": ticket})
    prefetch = {"sec-purpose": "prefetch", "sec-fetch-dest": "empty"}
    place.stranger.get(path, params={"ticket": ticket}, headers=prefetch)
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "no-store"
    for text in ("Ada Lovett", "ada@acme.example", "kim", ACTOR["reason"], "30 minutes", "Billing"):
        assert str(text) in page.text
    assert place.entries() == before
    assert exchange(place, ticket).status_code == 200


def test_the_button_moves_on_to_the_app_and_leaves_the_ticket_to_it(place: Place) -> None:
    ticket = place.ticket()
    page = place.stranger.post(PATHS[0], data={"ticket": ticket}, headers=OWN_SITE)
    url = httpx.URL(page.headers["refresh"].removeprefix("0; url="))
    assert page.status_code == 200
    assert str(url).startswith(f"{APP}/_understudy/callback?__clerk_ticket={ticket}")
    assert url.params["__clerk_status"] == "sign_in"
    assert page.headers["referrer-policy"] == "no-referrer"
    name, cookie = page.headers["set-cookie"].split("=", 1)
    assert name == f"__Host-understudy-clerk-{place.tenant.application.id}"
    for attribute in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert place.entries(EventType.GRANT_LAUNCHED)
    assert exchange(place, ticket).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}]
)
def test_another_site_cannot_press_the_button(place: Place, headers: dict[str, str]) -> None:
    ticket = place.ticket()
    page = place.stranger.post(PATHS[0], data={"ticket": ticket}, headers=headers)
    assert page.status_code == 403
    assert page.headers["content-type"].startswith("text/html")
    assert "set-cookie" not in page.headers
    assert not place.entries(EventType.GRANT_LAUNCHED)


def test_an_app_without_an_address_is_nowhere_to_go_on_to(place: Place) -> None:
    ticket = place.ticket()
    place.change_settings(redirect_urls=())
    page = place.stranger.post(PATHS[0], data={"ticket": ticket}, headers=OWN_SITE)
    unknown = place.stranger.post(PATHS[0], data={"ticket": "usi_unknown"}, headers=OWN_SITE)
    assert (page.status_code, unknown.status_code) == (409, 410)
    assert "redirect URL" in page.text
    assert not place.entries(EventType.GRANT_LAUNCHED)
    jwt = exchange(place, ticket).json()["jwt"]
    assert "azp" not in claims_of(jwt)


def test_opening_the_link_again_starts_nothing(place: Place) -> None:
    ticket = place.ticket()
    exchange(place, ticket)
    looked = place.stranger.get(PATHS[0], params={"ticket": ticket})
    pressed = place.stranger.post(PATHS[0], data={"ticket": ticket}, headers=OWN_SITE)
    assert (looked.status_code, pressed.status_code) == (410, 410)
    assert "Ada" not in looked.text
    assert "set-cookie" not in pressed.headers
    assert [entry.type for entry in place.entries(EventType.TOKEN_REPLAYED)]


def test_what_is_no_ticket_has_one_and_the_same_page(place: Place) -> None:
    seen = set()
    for ticket in ("", "usi_unknown", "x" * 5000, "\xfc", "<script>"):
        page = place.stranger.get(PATHS[0], params={"ticket": ticket})
        assert page.status_code == 410
        seen.add(_without_nonce(page.text))
    assert len(seen) == 1
    assert "<script>" not in seen.pop()


def _without_nonce(text: str) -> str:
    return re.sub(r'nonce="[^"]*"', "", text)


def test_names_are_text_on_the_page(place: Place) -> None:
    hostile = {"sub": "<b>kim</b>", "name": "<script>x</script>", "reason": "<img src=x> broken"}
    page = place.stranger.get(PATHS[0], params={"ticket": place.ticket(actor=hostile)})
    for markup in ("<b>", "<script>", "<img"):
        assert markup not in page.text
    assert "&lt;script&gt;x&lt;/script&gt;" in page.text

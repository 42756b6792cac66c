"""Several nodes on one PostgreSQL: what works once works once, whichever node is asked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.integration.wires.clerk import place as places
from tests.integration.wires.clerk.place import ACTOR, APP, Place, claims_of

ACCEPT = "/clerk/v1/tickets/accept"
TRIES = 8


@pytest.fixture
def headers(place_and_other: tuple[Place, str]) -> dict[str, str]:
    """What proves the application."""
    return {"authorization": f"Bearer {place_and_other[0].tenant.secret}"}


@pytest.fixture
def place_and_other(tmp_path: Path, postgres_url: str) -> Iterator[tuple[Place, str]]:
    """A service, and the base of a second node of it."""
    key = tmp_path / "one" / "data" / "installation.key"
    (tmp_path / "one").mkdir()
    with (
        places.place(tmp_path / "one", postgres_url) as place,
        places.another_node(place, key, tmp_path / "two", postgres_url) as other,
    ):
        yield place, other


def test_a_nonce_of_one_node_works_once_on_any(
    place_and_other: tuple[Place, str], headers: dict[str, str]
) -> None:
    place, other = place_and_other
    page = httpx.post(
        other + ACCEPT, data={"ticket": place.ticket()}, headers={"sec-fetch-site": "same-origin"}
    )
    cookie = page.headers["set-cookie"].partition(";")[0]
    answer = httpx.get(
        f"{place.base}/v1/client/handshake",
        params={"redirect_url": f"{APP}/"},
        headers={"cookie": cookie},
    )
    nonce = httpx.URL(answer.headers["location"]).params["__clerk_handshake_nonce"]

    def ask(number: int) -> httpx.Response:
        base = (place.base, other)[number % 2]
        url = f"{base}/clerk/v1/clients/handshake_payload"
        return httpx.get(url, params={"nonce": nonce}, headers=headers)

    with ThreadPoolExecutor(TRIES) as threads:
        answers = list(threads.map(ask, range(TRIES)))
    assert sorted(found.status_code for found in answers) == [200] + [404] * (TRIES - 1)
    (signed_in,) = (found for found in answers if found.status_code == 200)
    assert "__session=ey" in signed_in.text


def test_a_ticket_works_once_on_any_node_at_the_same_moment(
    place_and_other: tuple[Place, str], headers: dict[str, str]
) -> None:
    place, other = place_and_other
    ticket = place.ticket()

    def exchange(number: int) -> httpx.Response:
        base = (place.base, other)[number % 2]
        url = f"{base}/clerk/v1/tickets/exchange"
        return httpx.post(url, json={"ticket": ticket}, headers=headers)

    with ThreadPoolExecutor(TRIES) as threads:
        answers = list(threads.map(exchange, range(TRIES)))
    assert sorted(found.status_code for found in answers) == [200] + [400] * (TRIES - 1)
    (won,) = (found.json() for found in answers if found.status_code == 200)
    assert claims_of(won["jwt"])["act"] == ACTOR
    listed = httpx.get(f"{other}/clerk/v1/sessions", params={"user_id": "ada"}, headers=headers)
    assert [session["id"] for session in listed.json()] == [won["session"]["id"]]
    keys = [httpx.get(f"{base}/clerk/v1/jwks", headers=headers) for base in (place.base, other)]
    assert keys[0].json() == keys[1].json()

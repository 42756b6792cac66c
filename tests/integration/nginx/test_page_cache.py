"""nginx with a cache of pages in front of a guarded Django site, set up as people do.

Without the lines of our documents nothing of a session is kept, but what is kept is shown in one.
"""

from __future__ import annotations

import httpx
import pytest

from tests.integration.nginx.configuration import KEEPING, LETTING_PAST, host
from tests.integration.nginx.conftest import Street, invoice
from understudy.cli.app_findings import Outside, examine_app

ALL = [host(name, lets_past=True) for name in LETTING_PAST] + [
    host(name, lets_past=False) for name in KEEPING
]
each_page = pytest.mark.parametrize("page", ["/letters", "/told", "/cached"])
each_with_our_lines = pytest.mark.parametrize("name", LETTING_PAST)


def shown(answer: httpx.Response, whose: str) -> str | None:
    """What nginx says of ``answer``, which is the page of ``whose`` alone."""
    assert answer.status_code == 200
    assert f"Letters of {whose}." in answer.text
    said: str | None = answer.headers.get("x-cache")
    return said


@each_page
@pytest.mark.parametrize("at", ALL)
def test_nothing_of_a_session_is_kept(street: Street, at: str, page: str) -> None:
    kim, user, stranger = street.browser(at, "kim"), street.browser(at, "ada"), street.browser(at)
    street.launch(kim)
    for other, theirs in ((user, "ada"), (stranger, "nobody")):
        address = street.path(page)
        for answer in (kim.open(address), kim.open(address)):
            assert shown(answer, "ada") in ("BYPASS", "MISS")
            assert "<understudy-banner" in answer.text
        answer = other.open(address)
        assert shown(answer, theirs) == "MISS"
        assert "understudy" not in answer.text


@pytest.mark.parametrize("at", ALL)
def test_nor_is_what_we_answer_ourselves(street: Street, at: str) -> None:
    kim = street.browser(at, "kim")
    launch = street.launch(kim)
    # Whoever finds the address in a history begins nothing by it.
    late = street.browser(at)
    assert late.open(launch).status_code != 303
    assert "__Host-understudy" not in late.cookies
    address = "/_understudy/state"
    assert kim.open(address).json()["active"] is True
    assert street.browser(at).open(address).json()["active"] is False
    kim.cookies["__Host-understudy"] = "uss_of-no-session"
    address = street.path("/letters")
    assert kim.open(address).status_code == 401
    assert shown(street.browser(at).open(address), "nobody") == "MISS"


@each_page
@each_with_our_lines
def test_what_is_kept_is_not_shown_in_a_session(street: Street, name: str, page: str) -> None:
    at, address = host(name, lets_past=True), street.path(page)
    kim, again = street.browser(at, "kim"), street.browser(at)
    assert shown(kim.open(address), "kim") == "MISS"
    again.cookies = dict(kim.cookies)
    assert shown(kim.open(address), "kim") == "HIT"
    street.launch(kim)
    answer = kim.open(address)
    assert shown(answer, "ada") == "BYPASS"
    assert "<understudy-banner" in answer.text
    # Behind the session, too, pages are marked, while the browser is known.
    del kim.cookies["__Host-understudy"]
    answer = kim.open(address)
    assert shown(answer, "kim") == "BYPASS"
    assert 'data-page="own"' in answer.text
    assert shown(again.open(address), "kim") == "HIT"


@pytest.mark.parametrize("lets_past", [True, False])
def test_a_file_that_nginx_sends_is_the_users_to_the_byte_and_nobody_elses(
    street: Street, lets_past: bool
) -> None:
    at, address = host("careless", lets_past=lets_past), street.path("/invoice")
    kim, stranger = street.browser(at, "kim"), street.browser(at)
    street.launch(kim)
    for browser, whose, said in ((kim, "ada", "no-store"), (stranger, "nobody", None)):
        whole, part = browser.open(address), browser.open(address, Range="bytes=10-2000")
        assert (whole.status_code, part.status_code) == (200, 206)
        assert (whole.content, part.content) == (invoice(whose), invoice(whose)[10:2001])
        assert whole.headers.get("cache-control") == part.headers.get("cache-control") == said


def test_without_our_lines_a_key_by_the_login_gives_the_agent_their_own_page(
    street: Street,
) -> None:
    """A limit that our documents name: no word of an answer reaches what is asked for next."""
    kim = street.browser(host("careful", lets_past=False), "kim")
    address = street.path("/told")
    kim.open(address)
    street.launch(kim)
    assert shown(kim.open(address), "kim") == "HIT"


def test_the_doctor_tells_a_cache_that_lacks_them(street: Street) -> None:
    for lets_past in (False, True):
        at = host("careful", lets_past=lets_past)
        app = Outside(url=f"http://{at}:{street.port}/", issuer="http://localhost:8700")
        found = [one.level for one in examine_app(app) if "a session asks for" in one.what]
        assert found == (["ok"] if lets_past else ["error"])


@pytest.mark.parametrize("name", ["careful", "careless"])
def test_a_page_that_varies_by_cookie_is_kept_for_each_by_themself(
    street: Street, name: str
) -> None:
    at, address = host(name, lets_past=True), street.path("/cached")
    people = {who: street.browser(at, who) for who in ("kim", "ada")}
    for expected in ("MISS", "HIT"):
        for who, browser in people.items():
            # The site's own cache answers too: neither gives one the page of the other.
            assert shown(browser.open(address), who) == expected


@each_page
def test_at_an_origin_of_its_own_a_session_is_beside_the_cache(street: Street, page: str) -> None:
    own, address = street.browser("app.localhost", "kim"), street.path(page)
    kept = [shown(own.open(address), "kim") for _ in range(2)]
    assert kept == ["MISS", "HIT"]
    kim = street.browser("app.localhost")
    street.launch(kim, at_origin=True)
    assert kim.host.startswith("understudy-")
    assert shown(kim.open(address), "ada") is None
    # No label opens what nginx has kept of the app's own host, whoever knows it.
    kim.cookies.clear()
    assert kim.open(address).status_code == 410
    assert shown(own.open(address), "kim") == "HIT"

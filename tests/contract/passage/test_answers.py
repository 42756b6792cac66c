"""How the app's answer goes out, whatever drives the passage: whole, cut, marked and recorded."""

from __future__ import annotations

from tests.contract.passage.conftest import House
from tests.contract.passage.drivers import HTML, PAGE, Asked, View
from understudy.sdk.values import Phase
from understudy.testing import FakeSession

OVER = "session_over"
DOCUMENT = Asked(headers={"accept": "text/html", "sec-fetch-dest": "document"})
LENGTH = ("content-length", str(len(PAGE)))


def test_a_page_gets_its_banner_and_its_new_length(house: House) -> None:
    session = house.open()
    got = house.visit(View(headers=(HTML, LENGTH)), session, DOCUMENT)
    mark = f'<script src="/_understudy/page.js" data-page="{session.id}"></script>'.encode()
    page = b"<!doctype html><html>" + mark + b"<body class=app><understudy-banner "
    assert got.body.startswith(page)
    assert got.header("content-length") == [str(len(got.body))]


def test_the_banner_lets_its_script_through_by_the_pages_own_nonce(house: House) -> None:
    policy = ("content-security-policy", "script-src 'nonce-abc'")
    got = house.visit(View(headers=(HTML, policy)), house.open(), DOCUMENT)
    assert got.body.count(b'nonce="abc"') == got.body.count(b"<script") == 2


def test_a_page_in_parts_gets_its_banner_in_its_place(house: House) -> None:
    parts = (b"<!doctype html><ht", b"ml><bo", b"dy>hello", b"</body>")
    view = View(parts=parts)
    got = house.visit(view, house.open(subject_id="42"), DOCUMENT)
    before, _, after = got.body.partition(b"<understudy-banner")
    assert before.startswith(b'<!doctype html><html><script src="/_understudy/page.js" ')
    assert before.endswith(b"></script><body>")
    assert after.endswith(b"</script>hello</body>")
    assert set(view.subjects) == {"42"}


def test_what_no_person_will_see_as_a_page_is_left_as_it_is(house: House) -> None:
    got = house.visit(View(headers=(HTML, LENGTH)), house.open())
    assert (got.body, got.header("content-length")) == (PAGE, [LENGTH[1]])


def test_no_cache_keeps_what_only_a_session_may_see(house: House) -> None:
    kept = (("cache-control", "public"), ("x-accel-expires", "60"), ("etag", '"a"'))
    headers = (HTML, *kept, ("vary", "Accept"))
    asked = Asked(headers={"if-none-match": '"a"', "accept-encoding": "gzip"})
    view = View(headers=headers)
    got = house.visit(view, house.open(), asked)
    assert got.header("cache-control") == ["no-store"]
    assert got.header("x-accel-expires") == ["0"]
    assert got.header("understudy-impersonation") == ["1"]
    assert got.header("vary") == ["Cookie, Accept"]
    assert got.header("etag") == []
    assert {"if-none-match", "accept-encoding"}.isdisjoint(view.request_headers)


def test_the_apps_cookies_reach_the_browser(house: House) -> None:
    view = View(headers=(HTML, ("set-cookie", "csrf=1"), ("set-cookie", "flash=2")))
    session = house.open()
    *cookies, epoch, shown = house.visit(view, session, DOCUMENT).header("set-cookie")
    assert cookies == ["csrf=1", "flash=2"]
    assert epoch.startswith("__Host-understudy-epoch=1; ")
    assert shown.startswith(f"understudy-page={session.id}; ")


def test_a_person_who_reads_that_the_session_is_over_loses_its_cookie(house: House) -> None:
    session = house.open()
    house.gateway.revoke(session.id)
    got = house.visit(View(), session, DOCUMENT)
    assert got.status == 401
    cookie, epoch, shown = got.header("set-cookie")
    assert cookie.startswith("__Host-understudy=; ")
    assert epoch.startswith("__Host-understudy-epoch=1; ")
    assert shown.startswith("understudy-page=own; ")
    assert house.visit(View(), session).header("set-cookie") == []


def test_a_browser_that_goes_in_mid_body_takes_nothing_out_of_the_log(house: House) -> None:
    session, view = house.open(), View(parts=(b"a", b"b", b"c"))
    got = house.visit(view, session, Asked(method="POST", leaves_after=1))
    intended, completed = house.actions(session, at_least=2)
    assert (got.body, got.whole) == (b"a", False)
    assert (completed.id, completed.status) == (intended.id, 200)


def test_a_body_ends_with_its_session_and_is_not_taken_for_the_whole(house: House) -> None:
    session = house.open()
    house.visit(View(), session)
    house.gateway.wait_for_followers()
    parts = (b"first", b"second", b"third", b"fourth")
    view = View(parts=parts, between=lambda: house.gateway.revoke(session.id))
    got = house.visit(view, session)
    assert got.body.startswith(b"first")
    assert b"third" not in got.body
    assert not got.whole
    found = house.actions(session, at_least=2)
    assert [(action.status, action.rule) for action in found] == [(200, None), (200, OVER)]


def followed(house: House) -> FakeSession:
    """A session of whose end the app will hear."""
    session = house.open()
    house.visit(View(), session)
    house.gateway.wait_for_followers()
    return session


def test_who_changed_something_reads_in_pieces_how_it_went(house: House) -> None:
    session = followed(house)
    view = View(parts=(b"done",), before=lambda: house.gateway.revoke(session.id))
    got = house.visit(view, session, Asked(method="POST"))
    assert (got.status, got.body, got.whole) == (200, b"done", True)
    told = house.actions(session, at_least=3)[-1]
    assert (told.phase, told.status, told.rule) == (Phase.COMPLETED, 200, None)


def test_beyond_how_it_went_nothing_leaves_and_the_log_says_so(house: House) -> None:
    session = followed(house)
    parts = (b"done", b"secrets", b"more")
    view = View(status=201, parts=parts, before=lambda: house.gateway.revoke(session.id))
    got = house.visit(view, session, Asked(method="POST"))
    assert (got.status, got.body, got.whole) == (201, b"done", False)
    told = house.actions(session, at_least=3)[-1]
    assert (told.phase, told.status, told.rule) == (Phase.COMPLETED, 201, OVER)


def test_a_page_that_was_begun_and_held_back_gives_way_to_the_word_that_it_is_over(
    house: House,
) -> None:
    session = followed(house)
    parts = (b"<!doctype html><ht", b"ml><body>secrets", b"</body>")
    view = View(parts=parts, between=lambda: house.gateway.revoke(session.id))
    got = house.visit(view, session, DOCUMENT)
    assert (got.status, got.whole) == (401, True)
    assert b"This session is over" in got.body
    assert b"secrets" not in got.body
    told = house.actions(session, at_least=2)[-1]
    assert (told.phase, told.status, told.rule) == (Phase.BLOCKED, 401, OVER)

"""The banner over pages of every shape, where only a real browser says what covers what."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.bannered_page import Bannered, bannered
from tests.fixtures.impersonation import BEGIN, SESSION

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
LONG = "N" * 180
# The page's clock runs on while a busy machine does other things.
NEARLY_TEN = re.compile(r"^(10:00|9:\d\d) left if idle$")
CONTENT = "<main><h1>Orders</h1>" + "<p>An order</p>" * 80 + "</main>"
FIXED = (
    '<header id="header" style="position: fixed; top: 0; left: 0; right: 0; height: 64px">Shop'
    '</header><nav id="side" style="position: fixed; top: 64px; bottom: 0; width: 90px">Menu</nav>'
    '<footer id="foot" style="position: fixed; bottom: 0; height: 30px">Help</footer>'
    '<a id="skip" href="#orders" style="position: absolute; top: 0">Skip</a>'
)
STICKY = (
    '<header id="header" style="position: sticky; top: 0; height: 64px">Shop</header>'
    '<div style="overflow: auto; height: 150px"><b id="inner" style="position: sticky; top: 0">'
    "Inner</b><p>long</p><p>long</p><p>long</p><p>long</p></div>"
)


def named(name: str) -> Any:
    """A session in which everybody and everything is called so."""
    return replace(
        SESSION,
        actor=replace(SESSION.actor, name=name),
        subject=replace(SESSION.subject, name=name),
        reason=name,
    )


@pytest.mark.parametrize("name", ["Ada Customer", LONG])
@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_it_takes_two_lines_whatever_people_are_called(
    browser: Browser, name: str, width: int
) -> None:
    phone = {**PHONE, "width": width}
    shown = bannered(browser, CONTENT, session=named(name), viewport=phone)
    assert shown.height() <= 72
    for part in (".end", ".time", ".scope", ".toggle"):
        box = shown.box(part)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["height"] >= 24 or part in (".time", ".scope")
    assert shown.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [700, 1280])
def test_a_long_name_without_a_space_leaves_room_for_the_rest(browser: Browser, width: int) -> None:
    viewport = {**DESK, "width": width}
    usual = bannered(browser, CONTENT, viewport=viewport).height()
    shown = bannered(browser, CONTENT, session=named(LONG), viewport=viewport)
    assert shown.height() == usual
    assert shown.box(".toggle")["x"] < width
    assert "NNN" in (shown.page.locator(".lead").get_attribute("title") or "")


def test_the_end_of_a_session_as_somebody_with_a_long_name_fits_a_phone(browser: Browser) -> None:
    shown = bannered(browser, CONTENT, session=named(LONG), viewport=PHONE)
    shown.state = {"active": False, "cause": "revoked", "message": "It was revoked."}
    expect(shown.page.get_by_role("link", name="Return to my own view")).to_be_visible()
    assert shown.height() <= 180
    assert shown.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_fixed_headers_and_what_stands_below_them_are_moved_below_it(
    browser: Browser, viewport: Any
) -> None:
    shown = bannered(browser, FIXED + CONTENT, viewport=viewport)
    height = shown.height()
    for scrolled in (0, 700):
        shown.page.evaluate(f"scrollTo(0, {scrolled})")
        assert shown.top("#header") == height
        assert shown.top("#side") == height + 64
        assert shown.bottom("#side") == shown.bottom("#foot") == viewport["height"]
    shown.page.evaluate("scrollTo(0, 0)")
    assert shown.top("#skip") == height


def test_what_sticks_does_so_below_it_once_scrolled(browser: Browser) -> None:
    shown = bannered(browser, CONTENT + STICKY + CONTENT, viewport=DESK)
    before = shown.top("#inner") - shown.top("#header")
    shown.page.evaluate("scrollTo(0, document.getElementById('header').offsetTop + 900)")
    assert shown.top("#header") == shown.height()
    shown.page.evaluate("scrollTo(0, 0)")
    assert shown.top("#inner") - shown.top("#header") == before


def test_a_header_that_comes_later_is_moved_and_given_back(browser: Browser) -> None:
    shown = bannered(browser, CONTENT, viewport=DESK)
    header = shown.page.locator("#header")
    shown.page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", FIXED)
    expect(header).to_have_css("margin-top", "56px")
    assert shown.top("#header") == shown.height() == 56
    shown.page.get_by_role("button", name="Session details").click()
    expect(header).to_have_css("margin-top", "0px")
    assert (shown.top("#header"), shown.top("#side")) == (0, 64)
    shown.page.get_by_role("button", name="Session details").click()
    expect(header).to_have_css("margin-top", "56px")
    shown.page.evaluate("document.querySelector('understudy-banner').retire()")
    assert (shown.top("#header"), shown.top("#side")) == (0, 64)
    assert shown.page.locator("[data-understudy-shift]").count() == 0


@pytest.mark.parametrize("width", [360, 390])
def test_the_way_to_stay_fits_a_phone(browser: Browser, width: int) -> None:
    rested = replace(SESSION, idle_ends_at=BEGIN + timedelta(seconds=50))
    shown = bannered(browser, CONTENT, session=rested, viewport={**PHONE, "width": width})
    expect(shown.page.get_by_role("button", name="Stay")).to_be_visible()
    assert shown.height() <= 72
    stay, end = shown.box(".stay"), shown.box(".end")
    assert stay["x"] >= 0
    assert stay["height"] >= 24
    assert end["x"] + end["width"] <= width


def test_a_session_that_rests_says_so_and_goes_on_while_somebody_types(browser: Browser) -> None:
    form = '<form><textarea id="note" style="height: 100px"></textarea></form>'
    shown = bannered(
        browser, form, viewport=PHONE, prepare=lambda page: page.clock.install(time=BEGIN)
    )
    timer = shown.page.locator(".time")
    stay = shown.page.get_by_role("button", name="Stay")
    expect(timer).to_have_text(NEARLY_TEN)
    assert stay.count() == 0
    note = shown.page.locator("#note")
    note.press_sequentially("Dear")
    assert told(shown) == 0
    shown.page.clock.run_for(31_000)
    note.evaluate("(field) => field.dispatchEvent(new Event('input', {bubbles: true}))")
    assert told(shown) == 0
    with shown.page.expect_request("**/_understudy/stay?session=ses_1") as request:
        note.press_sequentially(" Ada,")
    assert request.value.method == "POST"
    assert told(shown) == 1
    shown.page.clock.run_for(510_000)
    expect(timer).to_contain_text("if idle")
    expect(stay).to_be_visible()
    shown.state = {
        "active": True,
        "ends_at": at(BEGIN + timedelta(minutes=30)),
        "idle_ends_at": at(BEGIN + timedelta(seconds=1_141)),
        "server_now": at(BEGIN + timedelta(seconds=541)),
    }
    stay.click()
    expect(stay).to_have_count(0)
    expect(timer).to_have_text(NEARLY_TEN)


def told(shown: Bannered) -> int:
    """How often the page has said that somebody is at work."""
    return sum(method == "POST" for method, _ in shown.asked)


def at(moment: datetime) -> str:
    return moment.isoformat()

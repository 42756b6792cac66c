"""The SDK's own pages."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from tests.fixtures.impersonation import SESSION, a_session
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.cache import Ended
from understudy.sdk.pages import (
    confirm_page,
    ended_page,
    gone_page,
    launch_failed_page,
    left_page,
    not_started_page,
    refused_page,
    started_page,
)
from understudy.sdk.typed_text import Field
from understudy.sdk.values import Subject
from understudy.sdk.visit import Answer

DASHBOARD = "https://understudy.test/"
HOME = "/shop/home"
HOSTILE = "<script>alert(1)</script>"
ENDED = Ended(cause=EndCause.REVOKED, session=SESSION)


class Text(HTMLParser):
    """The words, the links and the elements of a page."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.words = ""
        self.links: list[str | None] = []
        self.tags: list[str] = []
        self.style = ""
        self.feed(answer.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "style" and not self.style:
            self.style = data
        self.words += data


PAGES = {
    "ended": ended_page(ENDED, undone=True, home="/", dashboard=DASHBOARD),
    "refused": refused_page(403, "No.", home="/", session=SESSION),
    "confirm": confirm_page(SESSION, live=True, end="/end", home="/"),
    "left": left_page(DASHBOARD, to_app=False),
    "started": started_page(DASHBOARD),
    "not started": not_started_page(403, "No.", back=HOME),
    "in doubt": not_started_page(503, "Nobody knows.", back=HOME, in_doubt=True),
    "failed": launch_failed_page(400, "No.", home=HOME, dashboard=DASHBOARD),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_a_strict_policy_that_its_own_style_fits(name: str) -> None:
    answer = PAGES[name]
    policy = dict(answer.headers)["content-security-policy"]
    digest = b64encode(sha256(Text(answer).style.encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{digest}'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_a_title_a_language_and_one_heading(name: str) -> None:
    body = PAGES[name].body.decode()
    assert '<html lang="en">' in body
    assert Text(PAGES[name]).tags.count("h1") == 1
    assert Text(PAGES[name]).tags.count("title") == 1


def test_an_ended_page_says_why_and_what_was_not_done() -> None:
    page = Text(ended_page(ENDED, undone=True, home="/home", dashboard=DASHBOARD))
    assert "You no longer work as Ada Customer." in page.words
    assert "revoked" in page.words
    assert "nothing was saved or changed" in page.words
    assert page.links == ["/home", DASHBOARD]


def test_a_page_that_was_only_asked_for_was_not_opened() -> None:
    page = Text(ended_page(ENDED, undone=False, home="/", dashboard=DASHBOARD))
    assert "was not opened" in page.words
    assert "saved" not in page.words


def test_what_was_typed_stands_on_the_page_to_be_copied() -> None:
    typed = [Field("to", "Ada"), Field("text", "\nDear Ada,\nhello")]
    for answer in (
        ended_page(ENDED, undone=True, home="/", dashboard=DASHBOARD, typed=typed),
        gone_page(ENDED, undone=True, dashboard=DASHBOARD, typed=typed),
        refused_page(503, "Away.", home="/", typed=typed),
        not_started_page(422, "Too short.", back=HOME, typed=typed),
    ):
        page = Text(answer)
        assert "Here is what you typed, to copy" in page.words
        assert page.tags.count("textarea") == 2
        # A browser takes away the first line break of a textarea.
        assert "\n\nDear Ada,\nhello" in page.words


def test_an_ended_page_is_a_401() -> None:
    assert PAGES["ended"].status == 401


def test_a_refused_page_says_that_the_session_goes_on() -> None:
    page = Text(refused_page(403, "“Export” is blocked.", home="/home", session=SESSION))
    assert "“Export” is blocked. Nothing was changed." in page.words
    assert "You still work as Ada Customer." in page.words
    assert page.links == ["/home"]


def test_a_refused_page_may_hold_the_banner_and_lets_it_work() -> None:
    answer = refused_page(403, "No.", home="/", session=SESSION, banner=b"<b>BANNER</b>")
    policy = dict(answer.headers)["content-security-policy"]
    assert b"<body><b>BANNER</b>" in answer.body
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy


def test_a_refusal_outside_of_a_session_names_nobody() -> None:
    page = Text(refused_page(503, "Away.", home="/"))
    assert "This did not work" in page.words
    assert "still work" not in page.words


def test_the_confirm_page_names_the_subject_and_cannot_be_framed() -> None:
    answer = confirm_page(SESSION, live=True, end="/_understudy/end", home="/home")
    page = Text(answer)
    assert "End this session?" in page.words
    assert "Ada Customer" in page.words
    assert '<form method="post" action="/_understudy/end">' in answer.body.decode()
    assert "frame-ancestors 'none'" in dict(answer.headers)["content-security-policy"]
    assert dict(answer.headers)["referrer-policy"] == "same-origin"


def test_the_confirm_page_works_when_there_is_nothing_to_end() -> None:
    page = Text(confirm_page(None, live=False, end="/end", home="/"))
    assert "No session to end" in page.words
    assert "form" in page.tags


def test_leaving_for_another_site_is_no_redirect() -> None:
    for answer in (left_page(DASHBOARD, to_app=False), started_page(DASHBOARD)):
        assert answer.status == 200
        assert dict(answer.headers)["refresh"] == f"0; url={DASHBOARD}"
        assert Text(answer).links == [DASHBOARD]


def test_whoever_goes_back_to_the_app_is_not_told_of_the_dashboard() -> None:
    page = Text(left_page("https://app.test/admin", to_app=True))
    assert "Back to the app" in page.words
    assert "Understudy" not in page.words


def test_a_failed_launch_says_that_nothing_changed() -> None:
    page = Text(launch_failed_page(400, "Too late.", home=HOME, dashboard=DASHBOARD))
    assert "Too late." in page.words
    assert "Nothing was changed." in page.words
    assert page.links == [DASHBOARD, HOME]


def test_hostile_text_stays_text() -> None:
    session = a_session(subject=Subject(id=HOSTILE, email=None, name=HOSTILE, roles=()))
    ended = Ended(cause=None, session=session)
    typed = [Field(HOSTILE, HOSTILE), Field("text", f"</textarea>{HOSTILE}")]
    pages = [
        ended_page(ended, undone=True, home=HOSTILE, dashboard=HOSTILE, typed=typed),
        gone_page(ended, undone=True, dashboard=HOSTILE, typed=typed),
        refused_page(403, HOSTILE, home=HOSTILE, session=session, typed=typed),
        not_started_page(422, HOSTILE, back=HOSTILE, typed=typed),
        confirm_page(session, live=True, end=HOSTILE, home=HOSTILE),
        launch_failed_page(400, HOSTILE, home=HOSTILE, dashboard=HOSTILE),
    ]
    assert not any(b"<script" in page.body for page in pages)

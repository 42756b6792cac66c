"""What happens between typing and sending. Each is told from the agent's side of the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.acceptance.one_person.desk import AGENT, Desk

_NOTE_RETURN = "addEventListener('pageshow', event => { window.kept = event.persisted })"


@dataclass(frozen=True)
class Happening:
    """``typed_for`` is whose pages stood open before, ``happen`` what came to pass."""

    name: str
    happen: Callable[[Desk], None]
    typed_for: str = "ada"

    def __str__(self) -> str:
        return self.name


def nothing(desk: Desk) -> None:
    """The agent simply sends."""


def second_launch(desk: Desk) -> None:
    """A session as somebody else begins in another tab."""
    desk.launch("bob")


def ended_elsewhere(desk: Desk) -> None:
    """The agent ends the session in another tab."""
    end(desk, desk.context.new_page(), "ada")


def revoked(desk: Desk) -> None:
    """Somebody else ends the session."""
    desk.site.revoke(desk.sessions["ada"])


def expired(desk: Desk) -> None:
    """The session's time is over."""
    desk.site.expire(desk.sessions["ada"], desk.first)


def back(desk: Desk) -> None:
    """Somebody else's page in the same tab, and back."""
    _over_pages_of(desk, "bob", *desk.site.elsewhere[:1])


def history_go(desk: Desk) -> None:
    """Two of somebody else's pages in the same tab, and back over both of them."""
    _over_pages_of(desk, "bob", *desk.site.elsewhere)


def kept_in_memory(desk: Desk) -> None:
    """The same from the agent's own pages, which the browser has kept as they were."""
    for tab in desk.tabs:
        tab.page.evaluate(_NOTE_RETURN)
    _over_pages_of(desk, "ada", *desk.site.elsewhere[:1])
    assert all(tab.page.evaluate("window.kept") for tab in desk.tabs)


def two_windows(desk: Desk) -> None:
    """Two people's windows side by side, of which the other one has the focus."""
    opener = desk.tabs[0].page
    with opener.expect_popup() as opening:
        opener.evaluate("() => { window.open('about:blank', '', 'popup') }")
    desk.launch("bob", opening.value).bring_to_front()


def reload(desk: Desk) -> None:
    """A second launch, and then every tab is loaded anew."""
    desk.launch("bob")
    for tab in desk.tabs:
        tab.page.reload()


def restored(desk: Desk) -> None:
    """A second launch, and then the browser is started again."""
    desk.launch("bob")
    desk.restart()


def launched_beside(desk: Desk) -> None:
    """The agent's own pages stood open when the session began in another tab."""
    desk.launch("ada")


def _over_pages_of(desk: Desk, user: str, *paths: str) -> None:
    desk.launch(user)
    for tab in desk.tabs:
        address = tab.page.url
        for path in paths:
            tab.page.goto(desk.origins[user] + path)
        tab.page.evaluate("steps => { setTimeout(() => history.go(-steps)) }", len(paths))
        # Not `go_back`, which waits in vain where the browser has kept the page.
        expect(tab.page).to_have_url(address)
        tab.page.wait_for_function("document.readyState === 'complete'")


def end(desk: Desk, page: Page, user: str) -> None:
    """End ``user``'s session by the page that asks whether to."""
    page.goto(desk.origins[user] + "/_understudy/end")
    page.get_by_role("button").click()
    desk.site.wait_until_ended(desk.sessions[user])


KEPT_IN_MEMORY = Happening("kept in memory", kept_in_memory, AGENT)
EXPIRED = Happening("expired", expired)
HAPPENINGS = (
    Happening("nothing", nothing),
    Happening("second launch", second_launch),
    Happening("ended elsewhere", ended_elsewhere),
    Happening("revoked", revoked),
    EXPIRED,
    Happening("Back", back),
    Happening("history.go", history_go),
    Happening("two windows", two_windows),
    Happening("reload", reload),
    Happening("restored", restored),
    Happening("own pages before a launch", launched_beside, AGENT),
)

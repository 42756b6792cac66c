"""A tab is duplicated, or closed and opened again: Chromium's own doing, asked for by an extension.

`chrome.tabs.duplicate` and `chrome.sessions.restore` are what the tab's menu and Ctrl+Shift+T call:
the new tab has history, `sessionStorage` and typed text of the other.
"""

from __future__ import annotations

import pytest

from tests.acceptance.one_person.desk import Desk
from tests.acceptance.one_person.happenings import end
from tests.acceptance.one_person.profile import Profile
from tests.acceptance.one_person.site import Place, Site
from tests.acceptance.one_person.stored import text_for
from tests.acceptance.one_person.tabs import PAGES, Tab
from tests.acceptance.one_person.test_restored import BACK, MARKED, typed


def launch(desk: Desk) -> None:
    """A session as somebody else begins in another tab."""
    desk.launch("bob")


def ended(desk: Desk) -> None:
    """The agent ends the session in another tab, and is themself again."""
    end(desk, desk.context.new_page(), "ada")


TYPED_AGAIN = BACK - {"no script"}
HAPPENINGS = {"launch": launch, "end": ended}
COPIED = {"duplicated": Profile.duplicate, "opened again": Profile.close_and_reopen}


def written(place: Place, happening: str) -> set[str]:
    """By what the pages of somebody who was worked for before still write for them."""
    return TYPED_AGAIN if place is Place.ORIGINS and happening == "launch" else set()


def send(desk: Desk, *tabs: Tab) -> None:
    """Send from each tab that is open."""
    for tab in tabs:
        if not tab.page.is_closed():
            tab.send(desk.site.settle)
    desk.site.settle()


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("happening", HAPPENINGS)
@pytest.mark.parametrize("how", COPIED)
def test_a_copy_made_behind_it_stores_nothing_for_another(
    site: Site, profile: Profile, place: Place, how: str, happening: str
) -> None:
    """The copy is a page of the present identity, and none but its own text is typed into it."""
    desk = typed(site, profile, place, f"{happening}, then {how}, {place.name}", "ada", "/")
    HAPPENINGS[happening](desk)
    copy = Tab(COPIED[how](profile, desk.tabs[0].page), "/", PAGES["/"])
    stays = written(place, happening)
    assert copy.typed() == ({text_for("ada", desk.cell)} if stays else set())
    send(desk, copy, *desk.tabs)
    assert desk.misplaced() == []
    assert desk.ways("ada") - {"shadow root"} == stays


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("happening", HAPPENINGS)
def test_a_copy_made_before_it_stores_nothing_for_another(
    site: Site, profile: Profile, place: Place, happening: str
) -> None:
    """The text is in both, and goes to whom it was typed for, or nowhere."""
    desk = typed(site, profile, place, f"duplicated, then {happening}, {place.name}", "ada", "/")
    copy = Tab(profile.duplicate(desk.tabs[0].page), "/", PAGES["/"])
    assert copy.typed() == {text_for("ada", desk.cell)}
    HAPPENINGS[happening](desk)
    send(desk, copy, *desk.tabs)
    assert desk.misplaced() == []
    assert desk.ways("ada") - {"shadow root"} == written(place, happening)


@pytest.mark.parametrize("place", Place)
def test_two_copies_of_one_persons_page_both_write(
    site: Site, profile: Profile, place: Place
) -> None:
    desk = typed(site, profile, place, f"duplicated, {place.name}", "ada", "/")
    copy = Tab(profile.duplicate(desk.tabs[0].page), "/", PAGES["/"])
    ways = TYPED_AGAIN if place is Place.ORIGINS else MARKED
    send(desk, copy)
    assert desk.ways("ada") == ways
    send(desk, *desk.tabs)
    assert desk.misplaced() == []
    assert desk.ways("ada") == ways | {"shadow root"}

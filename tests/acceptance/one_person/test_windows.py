"""Two windows of one Chromium, a person's pages in each, and the agent at both of them in turn."""

from __future__ import annotations

import pytest

from tests.acceptance.one_person.desk import Desk
from tests.acceptance.one_person.profile import Profile
from tests.acceptance.one_person.site import Place, Site
from tests.acceptance.one_person.stored import text_for
from tests.acceptance.one_person.tabs import ALL, MARKABLE, PAGES, Tab

ROUNDS = (("ada", "bob"), ("bob", "ada"), ("ada", "bob"))
WRITTEN = {Place.ORIGINS: ALL - {"no script"}, Place.OWN_HOST: MARKABLE | {"early fetch"}}


def opened(desk: Desk, profile: Profile) -> dict[str, Tab]:
    """A window for each; nothing but blank pages in them."""
    pages = {user: profile.new_window("about:blank") for user in ("ada", "bob")}
    return {user: Tab(page, "/", PAGES["/"]) for user, page in pages.items()}


def type_in(desk: Desk, tab: Tab, user: str) -> None:
    tab.page.bring_to_front()
    if "/save" in tab.page.url:
        tab.page.goto(desk.origins[user])
    tab.type(text_for(user, desk.cell))


def send_from(desk: Desk, windows: dict[str, Tab], user: str, *, live: str) -> None:
    """``live`` was launched last. On the own host no other window's form leads anywhere."""
    tab = windows[user]
    tab.page.bring_to_front()
    tab.send(desk.site.settle)
    if desk.place is Place.ORIGINS or user == live:
        tab.page.wait_for_url("**/save?*")
    desk.site.settle()


@pytest.mark.parametrize("place", Place)
def test_typing_and_sending_in_turn_stores_nothing_for_another(
    site: Site, profile: Profile, place: Place
) -> None:
    """Both are launched once. On the own host only the second one can still write."""
    desk = Desk(site, profile.context, place, f"in turn, {place.name}")
    windows = opened(desk, profile)
    for user, tab in windows.items():
        desk.launch(user, tab.page)
    for order in ROUNDS:
        for user in order:
            type_in(desk, windows[user], user)
        for user in order:
            send_from(desk, windows, user, live="bob")
    assert desk.misplaced() == []
    assert desk.ways("bob") == WRITTEN[place]
    assert desk.ways("ada") == (WRITTEN[place] if place is Place.ORIGINS else set())


@pytest.mark.parametrize("place", Place)
def test_a_launch_in_each_turn_stores_nothing_for_another(
    site: Site, profile: Profile, place: Place
) -> None:
    """Each window is launched anew before it is typed into, while the other's text stands."""
    desk = Desk(site, profile.context, place, f"launched in turn, {place.name}")
    windows = opened(desk, profile)
    for order in ROUNDS:
        for user in order:
            desk.launch(user, windows[user].page)
            type_in(desk, windows[user], user)
        for user in order:
            send_from(desk, windows, user, live=order[-1])
        assert desk.ways(order[-1]) == WRITTEN[place]
    assert desk.misplaced() == []

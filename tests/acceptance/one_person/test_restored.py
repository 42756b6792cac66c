"""A Chromium is closed or killed, and the next one brings its tabs back, with what was typed there.

Each has a profile of its own, and restores by itself: nothing is put back by hand. Counted in the
app's own database, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.acceptance.one_person.desk import AGENT, Desk
from tests.acceptance.one_person.folder import until
from tests.acceptance.one_person.happenings import nothing, revoked
from tests.acceptance.one_person.profile import Profile
from tests.acceptance.one_person.site import Place, Site
from tests.acceptance.one_person.stored import text_for
from tests.acceptance.one_person.tabs import ALL, MARKABLE
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.epoch import EPOCH

BACK = ALL - {"shadow root"}
"""What Chromium types again: nothing in a shadow root that a script has made."""
MARKED = MARKABLE - {"shadow root"} | {"early fetch"}
"""By what such a page writes on the app's own host: no script has run here before ours."""
STOPS = {"closed": Profile.close_and_continue, "killed": Profile.crash_and_continue}


def launch_beside(desk: Desk) -> None:
    """A session begins in another tab, and that one is restored too."""
    desk.launch("bob").goto(desk.origins["bob"] + "/of/bob")


@dataclass(frozen=True)
class Restart:
    """What happens before the browser stops, until the next one starts, and behind that."""

    name: str
    before: Callable[[Desk], None] = nothing
    meanwhile: Callable[[Desk], None] = nothing
    behind: Callable[[Desk], None] = nothing
    typed_for: str = "ada"

    def __str__(self) -> str:
        return self.name


NOTHING = Restart("nothing")
LAUNCHED_BEFORE = Restart("launched before", before=launch_beside)
LAUNCHED_BEHIND = Restart("launched behind", behind=launch_beside)
ENDED = Restart("ended meanwhile", meanwhile=revoked)
OWN_PAGES = Restart("own pages before a launch", before=launch_beside, typed_for=AGENT)
ALL_RESTARTS = (NOTHING, LAUNCHED_BEFORE, LAUNCHED_BEHIND, ENDED, OWN_PAGES)
CELLS = [("closed", restart) for restart in ALL_RESTARTS]
CELLS += [("killed", LAUNCHED_BEFORE)]


def typed(site: Site, profile: Profile, place: Place, cell: str, user: str, *paths: str) -> Desk:
    """A desk at which everything is typed, and the browser has taken note of it."""
    desk = Desk(site, profile.context, place, cell)
    desk.type_for(user, *paths)
    for tab in desk.tabs:
        fields = sum(not BACK.isdisjoint(way.carriers) for way in tab.ways)
        wait_until_noted(profile, tab.page.url, text_for(user, cell), fields)
    return desk


def wait_until_noted(profile: Profile, address: str, text: str, fields: int) -> None:
    """Return once the browser would type it into as many fields of that page again."""
    until(lambda: profile.folder.fields_with(text, address) >= fields)


def take_up(desk: Desk, profile: Profile) -> None:
    """Sit down at the browser that was started in place of the earlier one."""
    desk.context = profile.context
    for tab in desk.tabs:
        tab.page = profile.page_at(tab.page.url)


def restarted(site: Site, profile: Profile, place: Place, stop: str, restart: Restart) -> Desk:
    cell = f"{restart.name}, {stop}, {place.name}"
    desk = typed(site, profile, place, cell, restart.typed_for)
    if place is Place.OWN_HOST and stop == "killed":
        until(lambda: profile.folder.has_stored("understudy-page"))
    restart.before(desk)
    STOPS[stop](profile, lambda: restart.meanwhile(desk))
    take_up(desk, profile)
    restart.behind(desk)
    return desk


@pytest.mark.parametrize(("stop", "restart"), CELLS, ids=str)
def test_with_an_origin_each_nothing_is_stored_for_another(
    site: Site, profile: Profile, stop: str, restart: Restart
) -> None:
    desk = restarted(site, profile, Place.ORIGINS, stop, restart)
    desk.send()
    assert desk.misplaced() == []
    assert desk.ways(restart.typed_for) == (set() if restart is ENDED else BACK)


@pytest.mark.parametrize(("stop", "restart"), CELLS, ids=str)
def test_on_the_own_host_nothing_is_stored_for_another(
    site: Site, profile: Profile, stop: str, restart: Restart
) -> None:
    """The tab that comes back is the present identity's; only its own text is typed into it."""
    desk = restarted(site, profile, Place.OWN_HOST, stop, restart)
    still_ada = restart in (NOTHING, LAUNCHED_BEHIND)
    expected = {text_for("ada", desk.cell)} if still_ada else set()
    assert desk.tabs[0].typed() == expected
    desk.send()
    assert desk.misplaced() == []
    assert desk.ways(restart.typed_for) == (MARKED if restart is NOTHING else set())


def test_without_the_session_cookie_nothing_is_stored_for_another(
    site: Site, profile: Profile
) -> None:
    """The page that comes back is the agent's own, and nothing is typed into it."""
    desk = typed(site, profile, Place.OWN_HOST, "restored without a session", "ada")
    profile.close_and_continue(lambda: profile.folder.forget(OVERLAY))
    take_up(desk, profile)
    expect(desk.tabs[0].page.locator("#who")).to_have_text(AGENT)
    assert desk.tabs[0].typed() == set()
    desk.send()
    assert desk.misplaced() == []
    assert desk.ways("ada") == set()


def test_limit_without_any_past_a_restored_page_has_what_was_typed(
    site: Site, profile: Profile
) -> None:
    """So it is after a crash within half a minute of the launch: until then Chromium writes no
    cookies down. Named in SECURITY.md. Sessions with origins of their own have no such limit."""
    desk = typed(site, profile, Place.OWN_HOST, "restored without a past", "ada")
    profile.close_and_continue(lambda: profile.folder.forget(OVERLAY, EPOCH))
    take_up(desk, profile)
    expect(desk.tabs[0].page.locator("#who")).to_have_text(AGENT)
    desk.send()
    assert {how for _, _, how in desk.misplaced()} == BACK

"""What was typed for one person is stored for nobody else, where all sessions share the app's host.

Counted in the app's own database: every text names whom it was typed for.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.one_person.conftest import NewDesk
from tests.acceptance.one_person.desk import AGENT, Desk
from tests.acceptance.one_person.happenings import HAPPENINGS, KEPT_IN_MEMORY, Happening, end
from tests.acceptance.one_person.site import Place, Site
from tests.acceptance.one_person.tabs import ALL, MARKABLE
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.epoch import EPOCH

STORED = {"nothing": ("ada", MARKABLE), "restored": ("bob", MARKABLE)}
"""In whose account something arrives, and by which ways; nothing arrives by any other, for anybody.

Of what no mark can be put on, the browser's past says nothing, and it is refused.
"""


@pytest.mark.parametrize("happening", HAPPENINGS, ids=str)
def test_nothing_is_stored_for_another(new_desk: NewDesk, happening: Happening) -> None:
    desk = new_desk(Place.OWN_HOST, f"{happening.name} on the own host")
    desk.type_for(happening.typed_for)
    happening.happen(desk)
    desk.send()
    assert desk.misplaced() == []
    user, ways = STORED.get(happening.name, ("ada", set()))
    assert desk.ways(user) == ways


def test_a_page_that_the_browser_kept_writes_nothing(
    new_desk: NewDesk, keeping_browser: Browser
) -> None:
    desk = new_desk(Place.OWN_HOST, "kept in memory on the own host", keeping_browser)
    desk.type_for(KEPT_IN_MEMORY.typed_for)
    KEPT_IN_MEMORY.happen(desk)
    desk.send()
    assert desk.misplaced() == []
    assert desk.ways(AGENT) == set()


def test_the_agent_goes_on_as_themself_behind_the_end(new_desk: NewDesk) -> None:
    desk = new_desk(Place.OWN_HOST, "behind the end")
    end(desk, desk.launch("ada"), "ada")
    desk.type_for(AGENT)
    desk.send()
    assert desk.misplaced() == []
    assert desk.ways(AGENT) == MARKABLE


def test_a_stale_page_does_not_end_the_session_of_another(new_desk: NewDesk, site: Site) -> None:
    desk = new_desk(Place.OWN_HOST, "a stale end")
    stale = desk.launch("ada", desk.first)
    stale.goto(desk.origins["ada"] + "/_understudy/end")
    desk.launch("bob")
    stale.get_by_role("button").click()
    expect(stale.get_by_role("button")).to_have_count(0)
    assert site.gateway.ended(desk.sessions["bob"]) is None


@pytest.mark.parametrize("happening", HAPPENINGS[1:6], ids=str)
def test_without_the_session_cookie_nothing_is_stored_for_another(
    new_desk: NewDesk, happening: Happening
) -> None:
    """The epoch alone holds: a browser drops cookies when it has too many."""
    desk = new_desk(Place.OWN_HOST, f"{happening.name} without a session")
    desk.type_for(happening.typed_for)
    happening.happen(desk)
    if happening.name != "ended elsewhere":
        desk.lose(OVERLAY)
    desk.send()
    assert desk.misplaced() == []


LIMIT = {"early fetch", "frame's fetch", "blob worker", "no script"}
"""What carries no mark is taken for the agent's, once nothing tells of the browser's past.

Named in SECURITY.md. Sessions with origins of their own have no such limit.
"""


def forget(desk: Desk) -> None:
    """The browser loses all that tells of its sessions."""
    desk.lose(OVERLAY, EPOCH)


def test_limit_a_browser_without_a_past_sends_what_has_no_mark(new_desk: NewDesk) -> None:
    desk = new_desk(Place.OWN_HOST, "a lost past")
    desk.type_for("ada")
    forget(desk)
    desk.send()
    assert {(user, how) for user, _, how in desk.misplaced()} == {(AGENT, how) for how in LIMIT}
    assert desk.ways("ada") == set()


def test_limit_a_browser_without_a_past_types_again_what_it_remembers(new_desk: NewDesk) -> None:
    """The page that it comes back to is the agent's, and nothing marks it any more."""
    desk = new_desk(Place.OWN_HOST, "a lost past, Back")
    desk.type_for("ada")
    for tab in desk.tabs:
        tab.page.goto(desk.site.own_origin + "/other")
    forget(desk)
    for tab in desk.tabs:
        tab.page.go_back()
    desk.send()
    assert {how for _, _, how in desk.misplaced()} == ALL - {"shadow root"}

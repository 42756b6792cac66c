"""What was typed for one person is stored for nobody else, where each session has its own origin.

Counted in the app's own database: every text names whom it was typed for.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.acceptance.one_person.conftest import NewDesk
from tests.acceptance.one_person.happenings import HAPPENINGS, KEPT_IN_MEMORY, Happening
from tests.acceptance.one_person.site import Place
from tests.acceptance.one_person.tabs import ALL

OVER = {"ended elsewhere", "revoked", "expired"}
ANEW = {"Back": {"click", "fetch"}, "history.go": {"click", "fetch"}, "reload": set[str]()}
"""Where the page is loaded anew, and what its browser at least types into it again."""


@pytest.mark.parametrize("happening", HAPPENINGS, ids=str)
def test_nothing_is_stored_for_another(new_desk: NewDesk, happening: Happening) -> None:
    desk = new_desk(Place.ORIGINS, happening.name)
    desk.type_for(happening.typed_for)
    happening.happen(desk)
    desk.send()
    assert desk.misplaced() == []
    stored = desk.ways(happening.typed_for)
    if happening.name in ANEW:
        assert stored >= ANEW[happening.name]
    else:
        assert stored == (set() if happening.name in OVER else ALL)


def test_a_page_that_the_browser_kept_writes_for_whom_it_was_made(
    new_desk: NewDesk, keeping_browser: Browser
) -> None:
    desk = new_desk(Place.ORIGINS, KEPT_IN_MEMORY.name, keeping_browser)
    desk.type_for(KEPT_IN_MEMORY.typed_for)
    KEPT_IN_MEMORY.happen(desk)
    desk.send()
    assert desk.misplaced() == []
    assert desk.ways(KEPT_IN_MEMORY.typed_for) == ALL

"""Launch, a page as the subject with the banner, what is refused, the end: in apps of others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.apps.conftest import Visit
from tests.integration.apps.sites import AGENT, SITES, Site
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

SUBJECT = "subject-42"


@pytest.fixture(params=SITES.values(), ids=list(SITES))
def site(request: pytest.FixtureRequest) -> Site:
    make: Callable[[], Site] = request.param
    return make()


def test_the_whole_story_of_a_session(gateway: FakeGateway, visit: Visit, site: Site) -> None:
    write = site.write
    rules = [write.rule] if write.rule is not None else []
    session = gateway.open(subject_id=SUBJECT, blocked_actions=rules)
    browser = visit(site.app)
    assert AGENT in browser.send(*site.whom).text
    assert "<understudy-banner" not in browser.open(site.page).text

    browser.launch(gateway, session)
    page = browser.open(site.page)
    assert page.status_code == 200
    assert "<understudy-banner " in page.text
    assert page.headers["cache-control"] == "no-store"
    told = browser.send(*site.whom).text
    assert SUBJECT in told
    assert AGENT not in told

    refused = browser.send(write.method, write.path, json=write.sent)
    assert (refused.status_code, refused.json()["code"]) == (403, write.code)
    assert site.changes == []
    action = gateway.actions(session.id, phase=Phase.BLOCKED)[-1]
    assert (action.method, action.path) == (write.method, write.path.partition("?")[0])

    browser.end()
    over = browser.send(*site.whom)
    assert (over.status_code, over.json()["code"]) == (401, "session_over")
    assert SUBJECT not in over.text

"""What was recorded is in the log when a server was stopped gracefully."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.integration.contrib.wsgi.conftest import Browser, Service, Session, Site
from tests.integration.contrib.wsgi.servers import SERVERS, serving
from understudy.core.notices.events import EventType

STOPPED = ("gunicorn, sync", "gunicorn, gthread", "gunicorn, gevent", "waitress")
PAGES = 3


@pytest.mark.parametrize("name", STOPPED)
def test_a_graceful_stop_loses_no_action(service: Service, name: str) -> None:
    program, session = SERVERS[name], service.open()
    with serving(program, service.variables) as port:
        Site(program, port).followed()
        with closing(Browser(port)) as browser:
            for _ in range(PAGES):
                answer = browser.ask("/page", session.headers)
                assert (answer.status, b"Hello ada" in answer.read()) == (200, True)
    assert recorded(service, session) == ["/page"] * PAGES


def recorded(service: Service, session: Session) -> list[object]:
    """The paths of what was done in a session, as the log has them."""
    entries = service.made.entries(EventType.ACTION_COMPLETED)
    session_id = session.opened.session.id
    mine = [one for one in entries if one.core and one.core["session_id"] == session_id]
    return [one.personal["path"] for one in mine if one.personal]

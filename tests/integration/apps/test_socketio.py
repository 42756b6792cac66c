"""python-socketio runs events in tasks of its own: the request that connected says whose."""

from __future__ import annotations

import json
from typing import Any

import pytest
import socketio  # type: ignore[import-untyped]

from tests.integration.apps.browser import Browser
from tests.integration.apps.conftest import Visit
from understudy import current_impersonation, forbid_while_impersonating, on_behalf_of
from understudy.errors import UnderstudyError
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

POLLING = "/socket.io/?EIO=4&transport=polling"


class Chat:
    """Tells each event's outcome to whoever sent it."""

    def __init__(self) -> None:
        self.changes: list[str] = []
        self._server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins=[])
        self._server.on("whom", self.whom)
        self._server.on("change", self.change)
        self._server.on("careless", self.careless)
        self.app = socketio.ASGIApp(self._server, other_asgi_app=self.page)

    async def page(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"<body>chat</body>"})

    async def whom(self, sid: str) -> str:
        with on_behalf_of(self._server.get_environ(sid)):
            found = current_impersonation()
            return found.subject.id if found else "the agent"

    async def change(self, sid: str) -> str:
        return self._outcome(sid, asks=True)

    async def careless(self, sid: str) -> str:
        """Asks nobody whose event it is."""
        return self._outcome(sid, asks=False)

    def _outcome(self, sid: str, *, asks: bool) -> str:
        try:
            if not asks:
                return self._changed()
            with on_behalf_of(self._server.get_environ(sid)):
                return self._changed()
        except UnderstudyError as refused:
            return refused.code

    @forbid_while_impersonating
    def _changed(self) -> str:
        self.changes.append("password")
        return "changed"


class Connection:
    """A page's connection, by polling: each step is a request."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        opened = browser.send("GET", POLLING).text
        self._url = f"{POLLING}&sid={json.loads(opened[1:])['sid']}"
        self._post("40")
        assert self._packets()[0].startswith("40")

    def ask(self, event: str) -> str:
        """What comes of an event."""
        self._post(f'420["{event}"]')
        [answer] = self._packets()
        assert answer.startswith("430")
        outcome: str = json.loads(answer[3:])[0]
        return outcome

    def _post(self, packet: str) -> None:
        answer = self._browser.send("POST", self._url, content=packet)
        assert answer.status_code == 200, answer.text

    def _packets(self) -> list[str]:
        return self._browser.send("GET", self._url).text.split("\x1e")


def test_events_are_the_sessions_of_the_request_that_connected(
    gateway: FakeGateway, visit: Visit
) -> None:
    chat, session = Chat(), gateway.open(subject_id="subject-42")
    browser = visit(chat.app)
    own = Connection(browser)
    assert [own.ask("whom"), own.ask("careless")] == ["the agent", "changed"]

    browser.launch(gateway, session)
    assert "<understudy-banner " in browser.open("/").text
    connection = Connection(browser)
    assert connection.ask("whom") == "subject-42"
    assert connection.ask("change") == "forbidden_while_impersonating"
    assert connection.ask("careless") == "forbidden_while_impersonating"
    assert chat.changes == ["password"]
    assert gateway.actions(session.id, phase=Phase.COMPLETED)

    browser.end()
    assert browser.send("GET", POLLING).status_code == 401


@pytest.mark.parametrize("event", ["change", "whom"])
def test_a_users_own_events_run_while_somebody_else_is_impersonated(
    gateway: FakeGateway, visit: Visit, event: str
) -> None:
    chat = Chat()
    browser = visit(chat.app)
    own = Connection(browser)
    other = Browser(int(browser.origin.rpartition(":")[2]))
    other.launch(gateway, gateway.open())
    assert other.open("/").status_code == 200
    assert own.ask(event) in ("changed", "the agent")
    other.close()

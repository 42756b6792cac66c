"""Every test of the suite runs once under each driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from tests.contract.passage.django_drivers import DjangoAsyncDriver, DjangoDriver
from tests.contract.passage.drivers import (
    AsgiDriver,
    Asked,
    Driver,
    FlaskDriver,
    Got,
    LoadUser,
    MinimalDriver,
    View,
    WsgiDriver,
)
from understudy.sdk.secret import Secret
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Opened, RecordedAction, Subject
from understudy.testing import FakeGateway, FakeSession

A_GET = Asked()
DRIVERS: dict[str, Callable[[Understudy, LoadUser | None], Driver]] = {
    "asgi": AsgiDriver,
    "django": DjangoDriver,
    "django-async": DjangoAsyncDriver,
    "flask": FlaskDriver,
    "minimal": MinimalDriver,
    "wsgi": WsgiDriver,
}


@dataclass(frozen=True)
class User:
    """A user of the app."""

    id: str


@dataclass
class House:
    """An app behind one driver, a service in memory, and the order in which things happen."""

    gateway: FakeGateway
    understudy: Understudy
    make: Callable[[Understudy, LoadUser | None], Driver]
    events: list[str] = field(default_factory=list)
    load_user: LoadUser | None = None

    def open(self, **facts: object) -> FakeSession:
        """A session, of whose end the app hears."""
        return self.gateway.open(**facts)  # type: ignore[arg-type]

    def visit(self, view: View, session: FakeSession | None, asked: Asked = A_GET) -> Got:
        """One request to ``view``, in ``session``."""
        view.events = self.events
        if session is not None:
            headers = {name.lower(): value for name, value in session.headers.items()}
            asked = replace(asked, headers={**headers, **asked.headers})
        return self.make(self.understudy, self.load_user).visit(view, asked)

    def actions(self, session: FakeSession, *, at_least: int = 1) -> list[RecordedAction]:
        """What the log has of ``session``."""
        return self.gateway.actions(session.id, at_least=at_least)


class Watched(FakeGateway):
    """Notes in ``events`` when it is asked for something."""

    def __init__(self, events: list[str]) -> None:
        super().__init__()
        self._events = events

    def refresh(self, session_token: Secret) -> Opened:
        self._events.append("asked")
        return super().refresh(session_token)

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        super().record(session_id, actions, key=key)
        self._events.extend(action.phase.value for action in actions)


def noted(events: list[str], load: LoadUser) -> LoadUser:
    """``load``, noted when it is called."""

    def load_user(subject: Subject) -> object:
        events.append("user")
        return load(subject)

    return load_user


@pytest.fixture(params=DRIVERS)
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """An app behind each driver in turn."""
    events: list[str] = []
    gateway = Watched(events)
    understudy = gateway.understudy()
    load_user = noted(events, lambda subject: User(subject.id))
    yield House(gateway, understudy, DRIVERS[request.param], events, load_user)
    gateway.reachable = True
    understudy.close()

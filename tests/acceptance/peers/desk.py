"""An agent at the browser, whichever framework the app is made with."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from understudy.sdk.cookies import OVERLAY
from understudy.sdk.page_marks import HEADER, NAME, OWN
from understudy.sdk.values import ActiveSession
from understudy.testing import FakeGateway, FakeSession

ORIGIN = "http://app.localhost"
REASON = "Cannot see the invoice"
START, END = "/_understudy/start", "/_understudy/end"
FORM = "application/x-www-form-urlencoded"
DOCUMENT = {"accept": "text/html", "sec-fetch-dest": "document"}
AT_ONCE_SECONDS = 2.0
"""In a process that hears of the end it takes milliseconds; the rest is for busy machines."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: tuple[tuple[str, str], ...]

    @property
    def code(self) -> str:
        """Why it was refused."""
        return str(json.loads(self.text)["code"])

    def header(self, name: str) -> str | None:
        """The first of that name."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def sets(self, name: str) -> bool:
        """Whether it gives the browser a cookie ``name`` with something in it."""
        given = [value for key, value in self.headers if key.lower() == "set-cookie"]
        return any(one.startswith(f"{name}=") and not one.startswith(f"{name}=;") for one in given)


@dataclass
class Desk(ABC):
    """A browser and the app that it is at. ``orders`` is what the app was made to do, by whom.

    Its people are ada and bob, customers; sam and kim, staff who may start; lee, who may not; and
    root and boss, who may do anything.
    """

    gateway: FakeGateway
    orders: list[str] = field(default_factory=list)
    mark: str = OWN

    @abstractmethod
    def ask(self, method: str, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Send a request, with the browser's cookies."""

    @abstractmethod
    def cookies(self) -> dict[str, str]:
        """What the browser holds."""

    @abstractmethod
    def plant(self, name: str, value: str | None) -> None:
        """Give the browser a cookie, or take it away."""

    @abstractmethod
    def another(self) -> Desk:
        """Another, empty browser at the same app."""

    @abstractmethod
    def sign_in(self, name: str) -> None:
        """Be one of the app's people, as on any other day."""

    @abstractmethod
    def user_id(self, name: str) -> str:
        """By what the app knows one of its people."""

    @abstractmethod
    def becomes(self, name: str, **facts: bool) -> None:
        """Change one of the app's people: ``is_active``, ``is_staff``, ``is_superuser``."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Take one of the app's people out of it."""

    def get(self, path: str, /, **headers: str) -> Answer:
        """Ask for a page."""
        return self.ask("GET", path, "", _named(headers))

    def post(self, path: str, form: Mapping[str, str] | None = None, /, **headers: str) -> Answer:
        """Send a form, from a page of whomever the browser is at work for."""
        own = {"origin": ORIGIN, "sec-fetch-site": "same-origin", HEADER.decode(): self.mark}
        own["content-type"] = FORM
        return self.ask("POST", path, urlencode(form or {}), {**own, **_named(headers)})

    def me(self) -> str:
        """Whom the app serves."""
        return self.get("/me").text

    def start(self, subject: str, **changes: str) -> Answer:
        """Press *Impersonate* in the app; what comes of it is the browser's session from now on."""
        known = len(self.gateway.sessions())
        wanted = {"subject_id": self.user_id(subject), "reason": REASON, **changes}
        answer = self.post(f"{START}?{NAME}={self.mark}", wanted)
        if len(self.gateway.sessions()) > known and answer.sets(OVERLAY):
            self.mark = self.session.id
        return answer

    def enter(self, session: FakeSession) -> None:
        """A session that was started from the dashboard."""
        self.plant(OVERLAY, session.token)
        self.mark = session.id
        assert self.get("/me").status == 200

    @property
    def session(self) -> ActiveSession:
        """The newest."""
        return self.gateway.sessions()[-1]

    def end(self, path: str = END, /, **headers: str) -> Answer:
        """Press *End* in the banner."""
        answer = self.post(path, **headers)
        self.mark = OWN
        return answer


def first_refused(ask: Callable[[], Answer], most: int = 100) -> tuple[int, float, Answer]:
    """Ask until it is refused: the how-manieth was, the seconds until then, and how."""
    began = time.perf_counter()
    for number in range(1, most + 1):
        answer = ask()
        if answer.status >= 400:
            return number, time.perf_counter() - began, answer
    raise AssertionError(f"{most} requests were served")


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}

"""A Wagtail site on one server, and people who work with it in browsers of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import httpx

from tests.docs import visitor
from tests.docs.pages import ROOT, blocks
from tests.integration.apps.wagtail_site import ADA, PASSWORD, Project, Server
from tests.integration.contrib.wsgi.conftest import Service
from understudy.core.ids import SessionId
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.flows.impersonation.end import end
from understudy.flows.origin import Origin

LIBRARIES = ROOT / "docs/howto/django-libraries.md"
REASON = "Cannot find the reports tab"
LOGINS, PEOPLE = "SELECT * FROM django_session", "SELECT * FROM auth_user"
PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
FETCHED = {"Accept": "*/*", "Sec-Fetch-Dest": "empty", "X-Requested-With": "XMLHttpRequest"}


class Person(visitor.Visitor):
    """One browser at the site."""

    def look(self, path: str, headers: Mapping[str, str] = PAGE) -> httpx.Response:
        """What is shown there."""
        return self._send("GET", self.site.origin + path, headers=dict(headers))

    def submit(self, page: str, to: str | None = None, **form: str) -> httpx.Response:
        """A form on ``page``, with its token and, as our script adds it, the mark of the page."""
        shown = self.look(page).text
        for token in re.findall(r'name="csrfmiddlewaretoken" value="(.+?)"', shown):
            form["csrfmiddlewaretoken"] = token
        address = f"{self.site.origin}{to or page}"
        for mark in re.findall(r'page\.js" data-page="(.+?)"', shown):
            address += f"?_understudy_page={mark}"
        headers = {**PAGE, "Sec-Fetch-Site": "same-origin", "Origin": self.site.origin}
        return self._send("POST", address, headers=headers, data=form)

    def cookies(self) -> dict[str, str]:
        """What the browser keeps of the site."""
        return self._cookies[self.site.origin.partition("//")[2]]

    def copied(self) -> Person:
        """Whoever kept all that the browser keeps by now."""
        return Person(0, self.site, deepcopy(self._cookies))

    def start(self) -> str:
        """Begin to work as Ada; the id of the session."""
        told = self.submit("/admin/", "/_understudy/start", subject_id=ADA, reason=REASON)
        assert told.status_code == 303, told.text
        return self.cookies()["understudy-page"]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The site, where Kim and Ada are signed in by their passwords; ``logins`` and ``people`` as
    they were then.
    """

    project: Project
    service: Service
    origin: str
    signed_in: Mapping[str, Mapping[str, str]]
    logins: Any
    people: Any

    def person(self, name: str) -> Person:
        """Their browser as it was when they had signed in."""
        found = Person(0, visitor.Site(self.origin))
        for cookie, value in self.signed_in[name].items():
            found.keep(cookie, value)
        return found

    def is_untouched(self) -> bool:
        """Whether nobody's login, password or last sign-in is another than when they signed in."""
        people, logins = self.project.rows(PEOPLE), self.project.rows(LOGINS)
        return people == self.people and all(login in logins for login in self.logins)

    @contextmanager
    def blocking(self, *actions: BlockedAction) -> Iterator[None]:
        """Other actions are blocked until the block is left."""
        self.service.made.set_up_application(blocked_actions=actions)
        try:
            yield
        finally:
            self.service.made.set_up_application(blocked_actions=tuple(blocked()))

    def revoke(self, session_id: str) -> None:
        """Somebody at the dashboard ends it."""
        ended, cause = SessionId(session_id), EndCause.REVOKED
        self.service.made.run(
            lambda unit: end(unit, ended, cause=cause, by=SYSTEM, origin=Origin())
        )

    def log(self, session_id: str, *types: EventType) -> list[tuple[Any, ...]]:
        """Actor, subject and path of what the log says of a session, newest first."""
        mine = [
            one.personal
            for one in self.service.made.entries(*types)
            if one.core and one.core["session_id"] == session_id and one.personal
        ]
        return [(one["actor_id"], one["subject_id"], one["path"]) for one in mine]


def blocked() -> Iterator[BlockedAction]:
    """What our guide blocks."""
    [listed] = [one.text for one in blocks(LIBRARIES) if one.text.startswith("/admin/")]
    for pattern in listed.split():
        yield BlockedAction(method="POST", pattern=pattern, label="Account")


@contextmanager
def desk(project: Project, server: Server, service: Service) -> Iterator[Desk]:
    """The site on ``server``, until the block is left."""
    with project.served(server) as port:
        origin = f"http://127.0.0.1:{port}"
        service.made.save_subject(id=ADA, email="ada@press.example", name="Ada Lovett")
        service.made.set_up_application(
            redirect_urls=(f"{origin}/_understudy/callback",),
            blocked_actions=tuple(blocked()),
        )
        signed_in = {}
        for name in ("kim", "ada"):
            person = Person(0, visitor.Site(origin))
            login = person.submit("/admin/login/", username=name, password=PASSWORD)
            assert login.status_code == 302, login.text
            signed_in[name] = person.cookies()
        yield Desk(
            project=project,
            service=service,
            origin=origin,
            signed_in=signed_in,
            logins=project.rows(LOGINS),
            people=project.rows(PEOPLE),
        )

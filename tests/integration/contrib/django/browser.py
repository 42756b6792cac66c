"""A browser at a Django site: the agent's own sign-in, and a session over it."""

from __future__ import annotations

import asyncio
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.test import AsyncClient, Client

from understudy.sdk.cookies import OVERLAY
from understudy.sdk.page_marks import HEADER, OWN
from understudy.testing import FakeGateway, FakeSession

PASSWORD = "correct horse"
ORIGIN = "https://testserver"


@dataclass(frozen=True)
class People:
    """Who uses the site."""

    agent: Any
    customer: Any

    @classmethod
    def made(cls) -> People:
        """Both, in the database."""
        users = get_user_model().objects
        return cls(
            agent=users.create_user("agent", password=PASSWORD, is_staff=True),
            customer=users.create_user("customer", password=PASSWORD),
        )

    def gone(self) -> None:
        """Leave nothing for the next test."""
        get_user_model().objects.all().delete()
        SessionStore.get_model_class().objects.all().delete()


class Browser:
    """One browser; what ``is_async`` goes through the handler for ASGI."""

    def __init__(self, gateway: FakeGateway, people: People) -> None:
        self.gateway = gateway
        self.people = people
        self.is_async = False
        self.mark = OWN
        self.jar = Client(enforce_csrf_checks=True)

    def sign_in(self) -> None:
        """The agent signs in, as on any other day."""
        self.jar.force_login(self.people.agent)

    def begin(self, subject_id: object = None, **facts: Any) -> FakeSession:
        """A session as the customer is laid over it."""
        subject = str(subject_id or self.people.customer.pk)
        session = self.gateway.open(subject_id=subject, **facts)
        self.jar.cookies[OVERLAY] = session.token
        self.mark = session.id
        return session

    def end(self) -> None:
        """The session is over, and its cookie gone."""
        del self.jar.cookies[OVERLAY]
        self.mark = OWN

    def get(self, path: str, **headers: str) -> Any:
        """Ask for ``path``."""
        return self._asked("get", path, headers=headers, secure=True)

    def post(self, path: str, data: dict[str, str] | None = None, **headers: str) -> Any:
        """Send a form to ``path``, from a page of whom the browser is at work for."""
        headers = {"origin": ORIGIN, HEADER.decode(): self.mark, **headers}
        return self._asked("post", path, data=data or {}, headers=headers, secure=True)

    def _asked(self, verb: str, path: str, **more: Any) -> Any:
        if not self.is_async:
            return getattr(self.jar, verb)(path, **more)
        client = AsyncClient(enforce_csrf_checks=True)
        client.cookies = self.jar.cookies
        return asyncio.run(getattr(client, verb)(path, **more))

    def kept(self) -> tuple[bytes, ...]:
        """Whatever is kept of the agent's sign-in, in the browser and on the server."""
        cookie = self.jar.cookies[settings.SESSION_COOKIE_NAME]
        key = cookie.value
        rows = list(SessionStore.get_model_class().objects.filter(session_key=key).values_list())
        raw = {name: value for name, value in cache._cache.items() if key in name}
        until = {name: value for name, value in cache._expire_info.items() if key in name}
        file = Path(settings.SESSION_FILE_PATH) / f"{settings.SESSION_COOKIE_NAME}{key}"
        read = file.read_bytes() + str(file.stat().st_mtime_ns).encode() if file.is_file() else b""
        return cookie.OutputString().encode(), pickle.dumps([rows, raw, until]), read

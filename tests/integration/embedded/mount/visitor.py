"""Browsers of an app's staff, over sockets: whoever keeps a connection keeps to one process."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http.client import HTTPMessage
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from tests.integration.contrib.wsgi.conftest import Browser
from tests.integration.embedded.mount.people import HOST
from understudy.embedded.plan import APPLICATION_ID
from understudy.sdk.cookies import OVERLAY

_PAGE = {
    "Accept": "text/html, application/json",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A whole answer, and which process it came from."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def process(self) -> str:
        return self.headers["X-Process"]


@dataclass(kw_only=True)
class Visitor:
    """``staff`` is whom the app has signed in."""

    port: int
    staff: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, path: str, *, method: str = "GET", body: object = None, by: Browser | None = None
    ) -> Reply:
        """An answer over the connection that is given, or one of its own."""
        with ExitStack() as stack:
            browser = by or stack.enter_context(closing(Browser(self.port)))
            content = None if body is None else json.dumps(body).encode()
            found = browser.ask(path, self._headers(body), method=method, body=content)
            reply = Reply(status=found.status, headers=found.response.headers, body=found.read())
        self._keep(reply.headers.get_all("set-cookie") or [])
        return reply

    def call(self, method: str, path: str, body: object = None) -> Any:
        """What the dashboard's API answers where it does not refuse."""
        reply = self.ask(f"/understudy/api/v1{path}", method=method, body=body)
        told = json.loads(reply.body)
        assert reply.status < 300, told
        return told

    def become(self, subject_id: str) -> None:
        """Start, launch, and go where the browser is led to."""
        asked = {
            "application_id": APPLICATION_ID,
            "subject_id": subject_id,
            "reason": "Cannot find the reports tab",
        }
        grant = self.call("POST", "/impersonations", asked)["grant"]["id"]
        address = self.call("POST", f"/grants/{grant}/launch", {})["url"]
        while OVERLAY not in self.cookies:
            parts = urlsplit(address)
            reply = self.ask(f"{parts.path}?{parts.query}")
            address = reply.headers["location"]
            assert address is not None, reply

    def _headers(self, body: object) -> dict[str, str]:
        sent = {**_PAGE, "Host": HOST, "Origin": f"https://{HOST}", "X-Staff": self.staff}
        if body is not None:
            sent["Content-Type"] = "application/json"
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return sent

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]

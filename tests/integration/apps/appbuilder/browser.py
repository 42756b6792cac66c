"""A browser in front of a site of Flask-AppBuilder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any

import httpx

from understudy.flows.impersonation.open_session import OpenSession
from understudy.sdk.cookies import OVERLAY

_PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "same-origin"}
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """Keeps cookies by hand: on loopback browsers send Secure ones over http too."""

    def __init__(self, port: int, cookies: Mapping[str, str]) -> None:
        self.cookies = dict(cookies)
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20
        )
        self._page: str | None = None

    def close(self) -> None:
        """Close the window."""
        self._client.close()

    def sign_in(self, name: str) -> None:
        """Sign in to the site, where everybody's password is their name."""
        assert self.submit("/login/", username=name, password=name).status_code == 302

    def enter(self, opened: OpenSession) -> None:
        """Begin to work as somebody else."""
        self.cookies[OVERLAY] = opened.session_token
        self._page = opened.session.id

    def leave(self) -> None:
        """Press the banner's button."""
        ended = self.send("POST", "/_understudy/end")
        assert ended.json()["ended"] is True

    def open(self, path: str, **headers: str) -> httpx.Response:
        """A page, as a person opens it."""
        return self.send("GET", path, headers={**_PAGE, **headers})

    def submit(self, path: str, **fields: str) -> httpx.Response:
        """Fill in the form that is at ``path``, with the token that it carries."""
        found = _TOKEN.search(self.open(path).text)
        assert found is not None, path
        return self.send("POST", path, data={"csrf_token": found[1], **fields})

    def send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        """A request of one of the site's own pages."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        own = {"Sec-Fetch-Site": "same-origin", "Cookie": cookies}
        if self._page is not None and OVERLAY in self.cookies:
            own["Understudy-Page"] = self._page
        answer = self._client.request(method, path, headers={**own, **(headers or {})}, **body)
        self._client.cookies.clear()
        for line in answer.headers.get_list("set-cookie"):
            self._keep(line)
        return answer

    def _keep(self, line: str) -> None:
        for name, morsel in SimpleCookie(line).items():
            if morsel["max-age"] == "0" or morsel["expires"].startswith("Thu, 01 Jan 1970"):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value

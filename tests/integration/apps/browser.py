"""A browser in which a session is launched into an app on a real server."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import httpx

from understudy.sdk.values import Wire
from understudy.testing import FakeGateway, FakeSession

_PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}


class Browser:
    """Keeps the session's cookie by hand: on loopback browsers send Secure ones over http too."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self._client = httpx.Client(base_url=self.origin, trust_env=False, timeout=20)
        self._overlay: str | None = None

    def close(self) -> None:
        """Close the window."""
        self._client.close()

    def launch(self, gateway: FakeGateway, session: FakeSession) -> None:
        """Begin ``session`` here, as from the dashboard."""
        token = gateway.offer(session, wire=Wire.STYTCH)
        query = f"stytch_token_type=impersonation&token={token}"
        answer = self._client.get(f"/_understudy/callback?{query}", headers=_PAGE)
        assert answer.status_code == 303, answer.text
        cookies = SimpleCookie("\n".join(answer.headers.get_list("set-cookie")))
        self._overlay = cookies["__Host-understudy"].value
        # As the script does in every page.
        self._mark = cookies["understudy-page"].value

    def open(self, path: str) -> httpx.Response:
        """A page, as a person opens it."""
        return self.send("GET", path, headers=_PAGE)

    def send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """A request of one of the app's own pages."""
        sent = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin", **(headers or {})}
        if self._overlay is not None:
            sent["Cookie"] = f"session=agent; __Host-understudy={self._overlay}"
            if method != "GET":
                sent["Understudy-Page"] = self._mark
        return self._client.request(method, path, headers=sent, **more)

    def end(self) -> None:
        """Press the banner's button."""
        assert self.send("POST", "/_understudy/end").json()["ended"] is True

"""Somebody's browser, as far as servers can tell: cookies by host, fetch metadata, redirects."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

PAGE = {"accept": "text/html", "sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
HOPS = 10


@dataclass(kw_only=True)
class Visitor:
    """Cookies as a browser keeps them: by host name, whatever the port. ``answers`` are all that
    came back, oldest first.

    httpx would send no Secure cookie over plain http, as browsers do on loopback; so the header is
    written by hand.
    """

    issuer: str
    app_url: str
    jar: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: list[httpx.Response] = field(default_factory=list)

    def plant(self, url: str, name: str, value: str) -> None:
        """Put a cookie into the browser for the host of ``url``."""
        self._cookies(url)[name] = value

    def cookie(self, url: str, name: str) -> str | None:
        """The value of a cookie."""
        return self._cookies(url).get(name)

    @property
    def overlay(self) -> str | None:
        """The token of the session that lies over the app in this browser."""
        return self.cookie(self.app_url, "__Host-understudy")

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        """One request with this browser's cookies and no other header of its own."""
        parts = urlsplit(url)
        # A test's own Cookie header stands.
        given = {
            "host": parts.netloc,
            **self._cookie_header(url),
            **self._page_mark(method, url),
            **options.pop("headers", {}),
        }
        headers = {name: value for name, value in given.items() if value is not None}
        target = f"{parts.scheme}://127.0.0.1:{parts.port}{url.split(parts.netloc, 1)[1]}"
        # No TLS on loopback, so no certificates need be read: that takes longer than all the rest.
        timeout = options.pop("timeout", 30)
        with httpx.Client(timeout=timeout, trust_env=False, verify=False) as client:
            answer = client.request(method, target, headers=headers, **options)
        self._keep(url, answer)
        self.answers.append(answer)
        return answer

    def call(self, method: str, url: str, **options: Any) -> httpx.Response:
        """What a page's own script asks of its own server."""
        fetched = {"sec-fetch-site": "same-origin", "sec-fetch-dest": "empty"}
        headers = {**fetched, **options.pop("headers", {})}
        return self.request(method, url, headers=headers, **options)

    def open(self, url: str, *, site: str = "none", **headers: str) -> httpx.Response:
        """Go to a page and wherever it leads; ``site`` is where the link was followed."""
        answer = self.step(url, site=site, **headers)
        for _ in range(HOPS):
            onwards = _onwards(answer)
            if onwards is None:
                return answer
            url = urljoin(url, onwards)
            answer = self.step(url, site="cross-site")
        raise AssertionError(f"no end to redirects at {url}")

    def step(self, url: str, *, site: str = "none", **headers: str) -> httpx.Response:
        """Go to a page, and no further."""
        return self.request("GET", url, headers={**PAGE, "sec-fetch-site": site, **headers})

    def submit(self, url: str, *, data: Any = None, **headers: str) -> httpx.Response:
        """Send a form of one of the same site's pages."""
        parts = urlsplit(url)
        own = {"sec-fetch-site": "same-origin", "origin": f"{parts.scheme}://{parts.netloc}"}
        return self.request("POST", url, headers={**PAGE, **own, **headers}, data=data or {})

    def press_launch(self, grant_id: str, **headers: str) -> httpx.Response:
        """Press *Launch in new tab* in the dashboard."""
        url = f"{self.issuer}/api/v1/grants/{grant_id}/launch"
        return self.submit(url, **FORM, **headers)

    def launch(self, grant_id: str) -> httpx.Response:
        """Press *Launch in new tab*, and follow where it leads."""
        pressed = self.press_launch(grant_id)
        assert pressed.status_code == 200, pressed.text
        return self.open(refreshed(pressed), site="cross-site")

    def callback_of(self, grant_id: str) -> str:
        """Launch, and stop at the door: the callback's address with the code that nobody used."""
        to_app = refreshed(self.press_launch(grant_id))
        to_service = self.step(to_app, site="cross-site").headers["location"]
        return str(self.step(to_service, site="cross-site").headers["location"])

    def end(self) -> httpx.Response:
        """Press *End session* in the banner."""
        return self.submit(f"{self.app_url}/_understudy/end")

    def app(self, method: str, path: str, **options: Any) -> httpx.Response:
        """What a script of the app asks of the app."""
        return self.call(method, self.app_url + path, **options)

    def page(self, path: str = "/") -> httpx.Response:
        """Open a page of the app."""
        return self.open(self.app_url + path)

    def _cookies(self, url: str) -> dict[str, str]:
        return self.jar.setdefault(urlsplit(url).hostname or "", {})

    def _cookie_header(self, url: str) -> dict[str, str]:
        cookies = self._cookies(url)
        text = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return {"cookie": text} if text else {}

    def _page_mark(self, method: str, url: str) -> dict[str, str]:
        # As the script does in every page of the app; there are no pages of earlier sessions here.
        mark = self.cookie(url, "understudy-page")
        return {"understudy-page": mark} if mark and method not in ("GET", "HEAD") else {}

    def _keep(self, url: str, answer: httpx.Response) -> None:
        for header in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self._cookies(url).pop(name, None)
                else:
                    self._cookies(url)[name] = morsel.value


def refreshed(answer: httpx.Response) -> str:
    """Where a page moves on to by itself."""
    return answer.headers["refresh"].partition("url=")[2]


def _onwards(answer: httpx.Response) -> str | None:
    if answer.is_redirect:
        return answer.headers["location"]
    return refreshed(answer) if "refresh" in answer.headers else None

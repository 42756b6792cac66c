"""An operator's browser, as far as following the documents needs one."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import httpx

# Nearly all of it is plain HTTP on loopback: nobody loads certificates for each request.
_PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}


@dataclass(frozen=True)
class Site:
    """An app at ``origin``: behind a socket, or ``app`` in this process; by what TLS trusts."""

    origin: str
    app: Any = None
    trust: ssl.SSLContext = _PLAIN


@dataclass
class Visitor:
    """Keeps cookies by origin, also Secure ones: on loopback browsers send those as well."""

    service_port: int
    site: Site
    _cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    mount: str = ""
    """The path of a dashboard that an app serves itself."""

    def sign_in(self, email: str, password: str) -> None:
        """Sign in to the dashboard."""
        self._api("/sign-in", {"email": email, "password": password})

    def impersonate(
        self, application_id: str, subject_id: str, *, reason: str, scope: str = "full"
    ) -> None:
        """Ask, launch, and follow the hand-off into the app."""
        answer = self.launched(application_id, subject_id, reason=reason, scope=scope)
        assert answer.status_code == 200, answer.text
        assert str(answer.url) == f"{self.site.origin}/"

    def launched(
        self, application_id: str, subject_id: str, *, reason: str, scope: str = "full"
    ) -> httpx.Response:
        """The same; the page to which it leads, whatever that is."""
        asked = {
            "application_id": application_id,
            "subject_id": subject_id,
            "reason": reason,
            "scope": scope,
        }
        grant = self._api("/impersonations", asked)["grant"]["id"]
        url = self._api(f"/grants/{grant}/launch", None)["url"]
        for _ in range(4):
            answer = self._send("GET", url, headers=_PAGE)
            if "location" not in answer.headers:
                break
            url = str(httpx.URL(url).join(answer.headers["location"]))
        return answer

    def users(self, application_id: str) -> list[dict[str, Any]]:
        """Whom the dashboard finds."""
        found = self._api(f"/subjects?application_id={application_id}", None, "GET")
        return list(found["items"])

    def change_settings(self, application_id: str, **changes: Any) -> None:
        """Set these, as an admin may."""
        self._api(f"/applications/{application_id}", {"settings": changes}, "PATCH")

    def allow_changes(self) -> list[dict[str, Any]]:
        """Allow each change that waits for somebody; which they were."""
        waiting = self._api("/unlocks", None, "GET")["items"]
        for one in waiting:
            self._api(f"/unlocks/{one['id']}/allow", None)
        return list(waiting)

    def keep(self, name: str, value: str) -> None:
        """Keep a cookie of the app's own."""
        self._cookies.setdefault(self.site.origin.split("/", 3)[2], {})[name] = value

    def visit(self, path: str) -> str:
        """A page of the app."""
        answer = self._send("GET", self.site.origin + path, headers=_PAGE)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, **request: Any) -> httpx.Response:
        """A request that changes something, by one of the app's own pages."""
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": self.site.origin, **self.mark()}
        return self._send("POST", self.site.origin + path, headers=headers, **request)

    def mark(self) -> dict[str, str]:
        """What a request carries from one of the app's pages, as the script in each has it."""
        mark = self.cookies().get("understudy-page")
        return {} if mark is None else {"Understudy-Page": mark}

    def ask(self, method: str, path: str, **headers: str) -> httpx.Response:
        """Any request to the app, with the browser's cookies."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._send(method, self.site.origin + path, headers=named)

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Whatever is sent to the app, with the browser's cookies."""
        return self._send(method, self.site.origin + path, **request)

    def breaks_off(self, path: str) -> bool:
        """Whether the answer to a GET ends before its end."""
        try:
            self.ask("GET", path)
        except httpx.RemoteProtocolError:
            return True
        return False

    def cookie_header(self) -> str:
        """What the browser sends of its cookies to the app."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies().items())

    def cookies(self) -> dict[str, str]:
        """What the browser keeps of the app's host."""
        return dict(self._cookies.get(self.site.origin.split("/", 3)[2], {}))

    def end(self) -> None:
        """Press the banner's button."""
        answer = self.post("/_understudy/end")
        assert answer.json()["ended"] is True

    def _api(self, path: str, body: object, method: str = "POST") -> Any:
        url = f"http://localhost:{self.service_port}{self.mount}/api/v1{path}"
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = self._send(method, url, headers=headers, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def _send(self, method: str, url: str, **request: Any) -> httpx.Response:
        jar = self._cookies.setdefault(url.split("/", 3)[2], {})
        sent = "; ".join(f"{name}={value}" for name, value in jar.items())
        headers = {**request.pop("headers"), **({"Cookie": sent} if sent else {})}
        answer = self._answer(method, url, headers, request)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    jar.pop(name, None)
                else:
                    jar[name] = morsel.value
        return answer

    def _answer(
        self, method: str, url: str, headers: dict[str, str], request: dict[str, Any]
    ) -> httpx.Response:
        if self.site.app is not None and url.startswith(self.site.origin):
            return asyncio.run(self._answer_here(method, url, headers, request))
        # Blocking, since a test in a browser runs in an event loop of the browser's driver.
        with httpx.Client(timeout=20, verify=self.site.trust) as client:
            return client.request(method, url, headers=headers, **request)

    async def _answer_here(
        self, method: str, url: str, headers: dict[str, str], request: dict[str, Any]
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.site.app)
        async with httpx.AsyncClient(transport=transport, timeout=20) as client:
            return await client.request(method, url, headers=headers, **request)

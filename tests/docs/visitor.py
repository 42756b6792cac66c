"""An operator's browser, as far as following the documents needs one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import httpx

_PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}


@dataclass(frozen=True)
class Site:
    """An app at ``origin``: behind a socket, or ``app`` in this process."""

    origin: str
    app: Any = None


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

    def impersonate(self, application_id: str, subject_id: str, *, reason: str) -> None:
        """Ask, launch, and follow the hand-off into the app."""
        asked = {"application_id": application_id, "subject_id": subject_id, "reason": reason}
        grant = self._api("/impersonations", asked)["grant"]["id"]
        url = self._api(f"/grants/{grant}/launch", None)["url"]
        for _ in range(4):
            answer = self._send("GET", url, headers=_PAGE)
            if "location" not in answer.headers:
                break
            url = str(httpx.URL(url).join(answer.headers["location"]))
        assert answer.status_code == 200, answer.text
        assert url == f"{self.site.origin}/"

    def users(self, application_id: str) -> list[dict[str, Any]]:
        """Whom the dashboard finds."""
        found = self._api(f"/subjects?application_id={application_id}", None, "GET")
        return list(found["items"])

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
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": self.site.origin}
        # As the script does in every page.
        mark = self._cookies.get(self.site.origin.split("/", 3)[2], {}).get("understudy-page")
        if mark is not None:
            headers["Understudy-Page"] = mark
        return self._send("POST", self.site.origin + path, headers=headers, **request)

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
        answer = asyncio.run(self._answer(method, url, headers, request))
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    jar.pop(name, None)
                else:
                    jar[name] = morsel.value
        return answer

    async def _answer(
        self, method: str, url: str, headers: dict[str, str], request: dict[str, Any]
    ) -> httpx.Response:
        here = self.site.app is not None and url.startswith(self.site.origin)
        transport = httpx.ASGITransport(app=self.site.app) if here else None
        async with httpx.AsyncClient(transport=transport, timeout=20) as client:
            return await client.request(method, url, headers=headers, **request)

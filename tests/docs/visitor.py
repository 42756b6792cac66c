"""An operator's browser, as far as following the documents needs one."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import httpx

_PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}


@dataclass
class Visitor:
    """Keeps cookies by host and port, also Secure ones: on loopback browsers send those as well."""

    service_port: int
    app_port: int
    _cookies: dict[int, dict[str, str]] = field(default_factory=dict)

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
        assert "code=" not in url

    def visit(self, path: str) -> str:
        """A page of the app."""
        answer = self._send("GET", f"http://127.0.0.1:{self.app_port}{path}", headers=_PAGE)
        assert answer.status_code == 200, answer.text
        return answer.text

    def end(self) -> None:
        """Press the banner's button."""
        url = f"http://127.0.0.1:{self.app_port}/_understudy/end"
        self._send("POST", url, headers={**_PAGE, "Sec-Fetch-Site": "same-origin"})

    def _api(self, path: str, body: object) -> Any:
        url = f"http://localhost:{self.service_port}/api/v1{path}"
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = self._send("POST", url, headers=headers, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def _send(self, method: str, url: str, **request: Any) -> httpx.Response:
        port = httpx.URL(url).port or 80
        jar = self._cookies.setdefault(port, {})
        sent = "; ".join(f"{name}={value}" for name, value in jar.items())
        headers = {**request.pop("headers"), **({"Cookie": sent} if sent else {})}
        answer = httpx.request(method, url, headers=headers, timeout=20, **request)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    jar.pop(name, None)
                else:
                    jar[name] = morsel.value
        return answer

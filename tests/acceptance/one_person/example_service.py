"""The service beside a running example: what its people and the app's backend do there."""

from __future__ import annotations

import json
from http.cookies import SimpleCookie
from typing import Any

import httpx

from examples.service import OPERATOR_PASSWORD
from tests.acceptance.conftest import Example
from tests.integration.abuse.servers import eventually
from understudy.http.cookies import OPERATOR_COOKIE

REASON = "Ticket 4711: they say that something is missing"
_CHANGED = "action.completed"


class Service:
    """Speaks as the app's backend; where it launches, as an operator who has signed in."""

    def __init__(self, example: Example, operator: str) -> None:
        known = json.loads((example.data / "app.json").read_text())
        self._application_id: str = known["application_id"]
        self.url = example.service_url
        self._client = httpx.Client(base_url=f"{self.url}/api/v1", timeout=20)
        self._backend = httpx.BasicAuth(self._application_id, known["secret"])
        self.cookie, self._operator = self._sign_in(operator)

    def close(self) -> None:
        """Speak no more."""
        self._client.close()

    def launch_url(self, email: str, minutes: int) -> str:
        """Where the operator's browser begins a session as whoever has this address."""
        asked = {
            "application_id": self._application_id,
            "subject_id": self._subject(email),
            "reason": REASON,
            "minutes": minutes,
        }
        grant = self._as_operator("/impersonations", asked)["grant"]["id"]
        url: str = self._as_operator(f"/grants/{grant}/launch", None)["url"]
        return url

    def limit_sessions(self, *, minutes: int) -> None:
        """Sessions of the app last no longer from now on."""
        limits = dict.fromkeys(("default_minutes", "max_minutes"), minutes)
        path, body = f"/applications/{self._application_id}", {"settings": limits}
        self._client.patch(path, json=body, headers=self._operator).raise_for_status()

    def revoke(self, session_id: str) -> None:
        """End somebody's session."""
        path = f"/sessions/{session_id}/revoke"
        self._client.post(path, auth=self._backend).raise_for_status()

    def wait_until_ended(self, session_id: str) -> None:
        """Return once it is over."""
        eventually(lambda: self._get(f"/sessions/{session_id}")["ended_at"] is not None)

    def changes(self, session_id: str, path: str) -> list[tuple[str, str, int]]:
        """What the log tells of forms that were carried out at ``path``: who as whom, and how."""
        found = self._get("/audit/entries", session_id=session_id, type=_CHANGED, limit=100)
        return [
            (entry["actor"]["email"], entry["subject"]["email"], entry["action"]["status"])
            for entry in found["items"]
            if (entry["action"]["method"], entry["action"]["path"]) == ("POST", path)
        ]

    def _subject(self, email: str) -> str:
        found = self._get("/subjects", query=email)["items"]
        assert [one["email"] for one in found] == [email]
        subject_id: str = found[0]["id"]
        return subject_id

    def _sign_in(self, operator: str) -> tuple[str, dict[str, str]]:
        body = {"email": operator, "password": OPERATOR_PASSWORD}
        same_site = {"sec-fetch-site": "same-origin"}
        answer = self._client.post("/sign-in", json=body, headers=same_site).raise_for_status()
        # Read by hand: only browsers send Secure cookies over loopback.
        lines = map(SimpleCookie, answer.headers.get_list("set-cookie"))
        value = next(line[OPERATOR_COOKIE].value for line in lines if OPERATOR_COOKIE in line)
        return value, {**same_site, "cookie": f"{OPERATOR_COOKIE}={value}"}

    def _as_operator(self, path: str, body: object) -> Any:
        answer = self._client.post(path, json=body, headers=self._operator)
        return answer.raise_for_status().json()

    def _get(self, path: str, **query: str | int) -> Any:
        return self._client.get(path, params=query, auth=self._backend).raise_for_status().json()

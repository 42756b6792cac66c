"""A service in a process of its own, and what clients of OAuth need to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.integration.proof.place import Place, settle, sign_in_with_every_role
from tests.integration.proof.process import SECONDS, Service
from understudy.http.cookies import OPERATOR_COOKIE

REASON = "Cannot find the reports tab"
REDIRECT_URL = "https://app.example/_understudy/callback"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
IMPERSONATION = "urn:understudy:params:oauth:token-type:impersonation-token"


@dataclass(frozen=True, kw_only=True)
class OAuthServer:
    """The service as its application's backend and one operator see it."""

    service: Service
    operator_id: str
    cookie: str = field(repr=False)

    @property
    def issuer(self) -> str:
        """Where it is, which is also who it is."""
        return self.service.url

    @property
    def place(self) -> Place:
        """The installation below it."""
        return self.service.place

    @property
    def client(self) -> dict[str, str]:
        """What every client library is given."""
        return {
            "issuer": self.issuer,
            "clientId": self.place.application_id,
            "clientSecret": self.place.secret,
        }

    def impersonation_token(self, subject_id: str = "ada") -> str:
        """What the application's backend gets for an actor whom it names."""
        body = {"subject_id": subject_id, "reason": REASON, "actor": {"id": "kim"}}
        return str(self._by_backend("/impersonations", body)["impersonation_token"])

    def redeeming(self) -> dict[str, str]:
        """The parameters of an exchange of a fresh impersonation token."""
        return {
            "subject_token": self.impersonation_token(),
            "subject_token_type": IMPERSONATION,
        }

    def delegating(self) -> dict[str, str]:
        """The parameters of an exchange without a browser, but with the operator."""
        subject = self._by_backend(f"/grants/{self.grant()}/subject-token", {})
        actor = self._by_operator(
            "/account/actor-token", {"application_id": self.place.application_id}
        )
        return {name: text for name, text in (subject | actor).items() if name != "expires_at"}

    def launched(self) -> str:
        """A grant that the operator has just launched in the browser of ``cookie``."""
        grant_id = self.grant()
        self._by_operator(f"/grants/{grant_id}/launch", {})
        return grant_id

    def grant(self) -> str:
        """A grant of the operator."""
        body = {
            "subject_id": "ada",
            "reason": REASON,
            "application_id": self.place.application_id,
        }
        return str(self._by_operator("/impersonations", body)["grant"]["id"])

    def _by_backend(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        with self.service.backend() as backend:
            return _answered(backend.post(path, json=body))

    def _by_operator(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"cookie": self.cookie, "sec-fetch-site": "same-origin"}
        url = f"{self.issuer}/api/v1{path}"
        return _answered(httpx.post(url, json=body, headers=headers, timeout=SECONDS))


@contextmanager
def oauth_server(folder: Path) -> Iterator[OAuthServer]:
    """A fresh installation, served, with an operator signed in."""
    place = settle(f"sqlite:///{folder / 'understudy.db'}", folder)
    with Service(place) as service:
        operator_id, token = sign_in_with_every_role(place)
        cookie = f"{OPERATOR_COOKIE}={token}"
        yield OAuthServer(service=service, operator_id=operator_id, cookie=cookie)


def _answered(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    return dict(answer.json())

"""An OAuth client written from the specifications, so that a test holds every secret itself."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from tests.integration.abuse.installation import Made
from tests.integration.abuse.stack import Stack
from tests.integration.abuse.visitor import Visitor

VERIFIER = "a-verifier-of-forty-three-characters-or-more"


@dataclass(frozen=True, kw_only=True)
class Client:
    """An application that speaks OAuth with the service, without our SDK."""

    stack: Stack

    def authorize_url(self, grant_id: str, **changes: str) -> str:
        """Where a browser asks for a code."""
        digest = sha256(VERIFIER.encode()).digest()
        parameters = {
            "response_type": "code",
            "client_id": self.stack.main.application.id,
            "redirect_uri": self.stack.callback,
            "state": "a-state",
            "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "login_hint": grant_id,
            **changes,
        }
        return f"{self.stack.issuer}/oauth2/authorize?{urlencode(parameters)}"

    def code(self, visitor: Visitor, grant_id: str, **changes: str) -> str:
        """A code for a grant that is launched for it."""
        assert visitor.press_launch(grant_id).status_code == 200
        answer = visitor.step(self.authorize_url(grant_id, **changes))
        found = parse_qs(urlsplit(answer.headers["location"]).query)
        return found["code"][0]

    def redeem(self, code: str, made: Made | None = None, **changes: str | None) -> httpx.Response:
        """What the token endpoint says to a code."""
        asked: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.stack.callback,
            "code_verifier": VERIFIER,
            **changes,
        }
        form = {name: value for name, value in asked.items() if value is not None}
        with self.stack.stranger(auth=(made or self.stack.main).auth) as client:
            return client.post(self.token_url, data=form)

    @property
    def token_url(self) -> str:
        return f"http://127.0.0.1:{self.stack.settings.port}/oauth2/token"


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and error of an OAuth answer."""
    return answer.status_code, answer.json().get("error", "")


def claims_of(jwt: str) -> dict[str, Any]:
    """What a JWT says, unverified."""
    payload = jwt.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims

"""An app whose own addresses are visited, free of any framework."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlencode, urlsplit

from understudy.sdk.consenting import ConsentOf
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.hand_offs import DEFAULT
from understudy.sdk.launch import finish
from understudy.sdk.passage.blocking import carried_out
from understudy.sdk.routes import Routes
from understudy.sdk.staff import Staff
from understudy.sdk.understudy import Understudy
from understudy.sdk.visit import Answer, Visit
from understudy.testing import ISSUER, FakeGateway, FakeSession

ORIGIN = "https://app.test"


HINT = urlencode({"iss": ISSUER, "login_hint": "grt_1"})


CALLBACK = f"{ORIGIN}/_understudy/callback"


PERSON = (("accept", "text/html"), ("sec-fetch-dest", "document"))


OWN_FORM = (*PERSON, ("sec-fetch-site", "same-origin"))


class App:
    """An app's routes, and a browser that visits them."""

    def __init__(
        self,
        *hand_offs: str,
        staff: Staff | None = None,
        session_origins: str | None = None,
        consent_of: ConsentOf | None = None,
    ) -> None:
        self.gateway = FakeGateway()
        self.understudy: Understudy = self.gateway.understudy(session_origins=session_origins)
        self.routes = Routes(
            self.understudy,
            home="/home",
            hand_offs=hand_offs or DEFAULT,
            staff=staff,
            consent_of=consent_of,
        )

    def visit(
        self,
        method: str,
        path: str,
        *headers: tuple[str, str],
        query: str = "",
        cookie: str | None = None,
        base: str = "",
        body: bytes = b"",
        request: object = None,
        origin: str = ORIGIN,
    ) -> Answer:
        """The settled answer."""
        if cookie is not None:
            headers = (*headers, ("cookie", cookie))
        visit = Visit(
            method=method, origin=origin, base=base, query=query, headers=headers, request=request
        )
        return carried_out(self.routes.serving(visit, path), read_body=lambda most: body[:most])

    def launch(self) -> tuple[str, dict[str, str]]:
        """The launch cookie, and what the service was asked."""
        answer = self.visit("GET", "/_understudy/launch", *PERSON, query=HINT)
        query = urlsplit(header(answer, "location")).query
        return header(answer, "set-cookie").partition(";")[0], {
            name: values[0] for name, values in parse_qs(query).items()
        }

    def land(
        self,
        session: FakeSession,
        *headers: tuple[str, str],
        overlay: str | None = None,
        return_to: str | None = None,
    ) -> Answer:
        """Go through the whole hand-off."""
        cookie, asked = self.launch()
        code = self.offer(session, cookie, asked["state"], return_to)
        query = urlencode({"code": code, "state": asked["state"], "iss": ISSUER})
        cookies = f"{cookie}; {OVERLAY}={overlay}" if overlay else cookie
        return self.visit(
            "GET", "/_understudy/callback", *(headers or PERSON), query=query, cookie=cookies
        )

    def offer(
        self, session: FakeSession, cookie: str, state: str, return_to: str | None = None
    ) -> str:
        """A code bound to what the launch in this browser will present."""
        visit = Visit(
            method="GET",
            origin=ORIGIN,
            base="",
            query=urlencode({"code": "x", "iss": ISSUER, "state": state}),
            headers=(("cookie", cookie),),
        )
        now = self.understudy.clock().timestamp()
        presented = finish(self.understudy.client, visit, redirect_uri=CALLBACK, now=now)
        assert presented.code_verifier is not None
        return self.gateway.offer(
            session,
            code_verifier=presented.code_verifier.reveal(),
            redirect_uri=CALLBACK,
            return_to=return_to,
        )


def header(answer: Answer, name: str) -> str:
    return dict(answer.headers)[name]


def all_of(answer: Answer, name: str) -> list[str]:
    return [value for key, value in answer.headers if key == name]


def body(answer: Answer) -> dict[str, object]:
    found: dict[str, object] = json.loads(answer.body)
    return found

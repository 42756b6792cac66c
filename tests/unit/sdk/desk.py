"""An app whose own staff start sessions from within it, free of any framework."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from tests.unit.sdk.visiting import ORIGIN, PERSON, App, all_of
from understudy.sdk.staff import Staff
from understudy.sdk.values import Actor, Subject
from understudy.sdk.visit import Answer

KIM = Actor(id="staff-7", email="kim@app.test", name="Kim")
REASON = "Cannot see the invoice"
LIST = f"{ORIGIN}/admin/users?page=2"
SCRIPT = (("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "empty"), ("referer", LIST))
FORM = (*PERSON, ("sec-fetch-site", "same-origin"), ("referer", LIST))


def staff_of(request: Mapping[str, Any]) -> Actor | None:
    """By the app's own sign-in, which here is a member of the request."""
    return KIM if request.get("signed_in_as") == "kim" else None


def home_of(subject: Subject) -> str:
    return "/finance" if "finance" in subject.roles else "/start"


class Desk(App):
    """Kim at the list of users. ``ada`` and ``bob`` are users of the app, ``vip`` is protected."""

    def __init__(self, *, session_origins: str | None = None, **staff: Any) -> None:
        super().__init__(
            staff=Staff(**{"staff_of": staff_of, **staff}), session_origins=session_origins
        )
        self.gateway.user("ada", name="Ada", roles=["finance"])
        self.gateway.user("bob")
        self.gateway.user("vip", protected=True)

    def start(
        self,
        fields: Mapping[str, Any] | None = None,
        *headers: tuple[str, str],
        query: str = "",
        cookie: str | None = None,
        signed_in_as: str | None = "kim",
        base: str = "",
        **changes: Any,
    ) -> Answer:
        """What a script on that page gets."""
        wanted = {"subject_id": "ada", "reason": REASON} if fields is None else fields
        body = json.dumps({**wanted, **changes}).encode()
        return self.post(
            body,
            "application/json",
            *(headers or SCRIPT),
            query=query,
            cookie=cookie,
            signed_in_as=signed_in_as,
            base=base,
        )

    def post(
        self,
        body: bytes,
        kind: str,
        *headers: tuple[str, str],
        query: str = "",
        cookie: str | None = None,
        signed_in_as: str | None = "kim",
        base: str = "",
    ) -> Answer:
        """What any body gets."""
        return self.visit(
            "POST",
            "/_understudy/start",
            *headers,
            ("content-type", kind),
            ("content-length", str(len(body))),
            query=query,
            cookie=cookie,
            base=base,
            body=body,
            request={"signed_in_as": signed_in_as},
        )


@contextmanager
def open_desk(**staff: Any) -> Iterator[Desk]:
    desk = Desk(**staff)
    try:
        yield desk
    finally:
        desk.understudy.close()


@contextmanager
def held_up(desk: Desk, verb: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within the block the service does not get to what ``verb`` asks for."""
    gate, asked = threading.Event(), getattr(desk.gateway, verb)

    def slowly(*arguments: object) -> object:
        gate.wait(5)
        return asked(*arguments)

    monkeypatch.setattr(desk.gateway, verb, slowly)
    yield
    gate.set()


def cookies_of(answer: Answer) -> str:
    """What the browser sends from now on."""
    pairs = [cookie.partition(";")[0] for cookie in all_of(answer, "set-cookie")]
    return "; ".join(pair for pair in pairs if not pair.endswith("="))

"""What browsers send to the apps here."""

from __future__ import annotations

import ssl

import httpx
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from tests.docs.visitor import Visitor

_TRIES = 100
PAGE = {"accept": "text/html", "sec_fetch_dest": "document"}


def upload(text: str) -> tuple[bytes, str]:
    """The body of a form with one file, and its type."""
    parts = [
        "--edge",
        'Content-Disposition: form-data; name="file"; filename="a.txt"',
        "Content-Type: text/plain",
        "",
        text,
        "--edge--",
        "",
    ]
    return "\r\n".join(parts).encode(), "multipart/form-data; boundary=edge"


def told_over(visitor: Visitor, name: str = "Ada") -> httpx.Response:
    """The answer to a browser whose session is revoked, once the app has heard of that.

    Until then, which takes some milliseconds, nobody but the subject is served.
    """
    for _ in range(_TRIES):
        answer = visitor.ask("GET", "/me")
        if answer.status_code != httpx.codes.OK:
            assert answer.status_code == httpx.codes.UNAUTHORIZED
            return answer
        assert answer.json() == {"me": name}
    raise AssertionError("The session goes on.")


def live_socket(
    origin: str,
    visitor: Visitor,
    *,
    asked_by: str | None = None,
    trust: ssl.SSLContext | None = None,
) -> ClientConnection:
    """A WebSocket of one of the app's pages, which is marked in its address."""
    mark = visitor.cookies().get("understudy-page")
    query = "" if mark is None else f"?_understudy_page={mark}"
    live: ClientConnection = connect(
        f"ws{origin.removeprefix('http')}/live{query}",
        origin=Origin(asked_by or origin),
        additional_headers={"Cookie": visitor.cookie_header()},
        proxy=None,
        ssl=trust,
    )
    return live

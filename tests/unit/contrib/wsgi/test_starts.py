"""Staff start sessions in a WSGI app, by its own sign-in."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest

from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.contrib.wsgi.types import Environ, StartResponse
from understudy.sdk.context import current_impersonation
from understudy.sdk.start_form import MAX_BODY
from understudy.sdk.values import Actor, Subject
from understudy.testing import FakeGateway

KIM = Actor(id="staff-7", email="kim@app.test", name="Kim")
WANTED = {"subject_id": "ada", "reason": "Cannot see the invoice"}
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Got:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def kept(self) -> str:
        """The cookies of an answer, as the browser sends them."""
        jar = SimpleCookie()
        for name, value in self.headers:
            if name.lower() == "set-cookie":
                jar.load(value)
        return "; ".join(f"{name}={one.value}" for name, one in jar.items() if one.value)


@contextmanager
def closing_parts(parts: Iterable[bytes]) -> Iterator[Iterable[bytes]]:
    """As servers do: whatever can be closed is, once its parts went out."""
    try:
        yield parts
    finally:
        getattr(parts, "close", lambda: None)()


class Site:
    """A WSGI app that greets whom it serves, and knows its staff by a cookie of its own."""

    def __init__(self, gateway: FakeGateway, **options: Any) -> None:
        self.understudy = gateway.understudy()
        self._app = UnderstudyMiddleware(
            self._greet, understudy=self.understudy, **{"staff": staff_of, **options}
        )

    def _greet(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        found = current_impersonation()
        start_response("200 OK", [("content-type", "text/plain")])
        return [(found.subject.id if found else "nobody").encode()]

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        kind: str = "application/json",
        length: int | None = None,
        cookie: str = "shop=kim",
        **headers: str,
    ) -> Got:
        """One request."""
        environ: Environ = {}
        setup_testing_defaults(environ)
        environ.update(
            REQUEST_METHOD=method,
            PATH_INFO=path,
            QUERY_STRING="",
            CONTENT_TYPE=kind,
            CONTENT_LENGTH=str(len(body) if length is None else length),
            HTTP_HOST="app.test",
            HTTP_COOKIE=cookie,
            HTTP_SEC_FETCH_SITE="same-origin",
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        )
        environ["wsgi.input"] = io.BytesIO(body)
        said: list[Any] = []

        def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
            said[:] = [status, headers]
            return lambda _: None

        with closing_parts(self._app(environ, start_response)) as parts:
            whole = b"".join(parts)
        return Got(status=int(said[0].split()[0]), headers=said[1], body=whole)


def staff_of(environ: Mapping[str, Any]) -> Actor | None:
    return KIM if "shop=kim" in environ["HTTP_COOKIE"] else None


def home_of(subject: Subject) -> str:
    return f"/users/{subject.id}"


@pytest.fixture
def site(gateway: FakeGateway) -> Iterator[Site]:
    site = Site(gateway, home_of=home_of)
    yield site
    site.understudy.close()


def start(site: Site, **changes: Any) -> Got:
    return site.request("POST", "/_understudy/start", json.dumps(WANTED).encode(), **changes)


def test_staff_start_work_and_end(gateway: FakeGateway, site: Site) -> None:
    started = start(site, referer="http://app.test/admin/users")
    assert (started.status, started.json()["home"]) == (200, "/users/ada")
    cookie = f"shop=kim; {started.kept()}"
    status = site.request("GET", "/_understudy/status", cookie=cookie).json()
    assert (status["actor"]["name"], status["subject"]["id"]) == ("Kim", "ada")
    assert site.request("GET", "/orders", cookie=cookie).body == b"ada"
    ended = site.request("POST", "/_understudy/end", cookie=cookie)
    assert ended.json() == {"active": False, "ended": True, "return_to": "/admin/users"}
    assert site.request("GET", "/_understudy/status", cookie=cookie).json()["cause"] is not None
    assert gateway.ended(started.json()["session"]) == "ended_by_actor"


def test_a_form_is_read_and_answered_with_the_way_on(site: Site) -> None:
    body = urlencode(WANTED).encode()
    answer = site.request(
        "POST", "/_understudy/start", body, kind=FORM, accept="text/html", sec_fetch_dest="document"
    )
    assert (answer.status, dict(answer.headers)["location"]) == (303, "/users/ada")


def test_half_a_form_starts_nothing(gateway: FakeGateway, site: Site) -> None:
    cut = urlencode(WANTED).encode()[:-3]
    answer = site.request("POST", "/_understudy/start", cut, kind=FORM, length=len(cut) + 3)
    assert (answer.status, answer.json()["code"]) == (400, "malformed_request")
    assert gateway.calls == []


def test_a_body_is_read_no_further_than_it_may_be_long(site: Site) -> None:
    body = json.dumps({**WANTED, "reason": "x" * MAX_BODY}).encode()
    answer = site.request("POST", "/_understudy/start", body)
    assert (answer.status, answer.json()["code"]) == (413, "body_too_large")


def test_whoever_is_not_staff_finds_nothing(gateway: FakeGateway, site: Site) -> None:
    assert start(site, cookie="shop=ada").status == 404
    assert gateway.calls == []


def test_an_async_sign_in_is_nobodys_here(gateway: FakeGateway) -> None:
    async def staff(_: object) -> Actor:
        return KIM

    site = Site(gateway, staff=staff)
    assert start(site).status == 404
    assert gateway.calls == []
    site.understudy.close()

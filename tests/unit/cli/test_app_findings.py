"""What the doctor sees of an app from outside, over real connections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.fixtures.asgi_server import served
from tests.fixtures.ports import free_port
from understudy.cli.app_findings import Outside, examine_app
from understudy.cli.findings import Finding
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.applications.session_origins import SessionOrigins
from understudy.testing import ISSUER, FakeGateway

Asgi = Callable[..., Awaitable[None]]


@dataclass
class Shop:
    """An app; ``guarded`` says whether the SDK stands around it, ``around`` what does beside it."""

    guarded: bool = True
    knows_origins: bool = True
    page: bytes = b"<!doctype html><p>Shop"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    around: Callable[[dict[str, Any]], None] = lambda _: None

    @contextmanager
    def open(self) -> Iterator[Outside]:
        """Serve it; where it is."""
        late: list[Asgi] = []

        async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] == "lifespan":
                return
            self.around(scope)
            await late[0](scope, receive, send)

        with served(app) as port:
            pattern = f"http://*.view.app.localhost:{port}"
            understudy = FakeGateway().understudy(
                session_origins=pattern if self.knows_origins else None
            )
            late.append(
                UnderstudyMiddleware(self._app, understudy=understudy)
                if self.guarded
                else self._app
            )
            yield Outside(
                url=f"http://app.localhost:{port}/",
                issuer=ISSUER,
                origins=SessionOrigins.parse(pattern),
            )
            understudy.close()

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/html"), *self.headers]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.page})


def said(shop: Shop) -> list[tuple[str, str]]:
    with shop.open() as outside:
        found: list[Finding] = list(examine_app(outside))
        hidden = outside.url.rpartition(":")[2].rstrip("/")
    return [(one.level, one.what.replace(hidden, "PORT")) for one in found]


def faults(shop: Shop) -> list[str]:
    return [what for level, what in said(shop) if level != "ok"]


def test_an_app_as_it_should_be_is_fine() -> None:
    assert said(Shop()) == [
        ("ok", "http://app.localhost:PORT: the SDK answers"),
        ("ok", "http://app.localhost:PORT: scheme and host arrive as browsers see them"),
        ("ok", "http://*.view.app.localhost:PORT: a label without a session answers 410"),
        ("ok", "http://*.view.app.localhost:PORT: other names below the wildcard answer 404"),
    ]


def test_a_wildcard_that_leads_to_the_bare_app_is_found() -> None:
    assert faults(Shop(guarded=False))[-2:] == [
        "http://*.view.app.localhost:PORT: a label without a session answers 200",
        "http://*.view.app.localhost:PORT: a name that is no label answers 200",
    ]


def test_an_app_that_does_not_know_its_session_origins_is_found() -> None:
    assert any(
        "a label without a session answers 404" in one for one in faults(Shop(knows_origins=False))
    )


def test_an_app_without_the_sdk_is_found() -> None:
    assert "http://app.localhost:PORT: the SDK does not answer at /_understudy/state (200)" in (
        faults(Shop(guarded=False))
    )


def _as_a_careless_proxy(scope: dict[str, Any]) -> None:
    scope["headers"] = [(n, b"inside:8000" if n == b"host" else v) for n, v in scope["headers"]]


def test_a_proxy_that_changes_the_host_is_found() -> None:
    found = faults(Shop(around=_as_a_careless_proxy))
    assert (
        "http://app.localhost:PORT: the app takes http://inside:8000 for its own address" in found
    )
    assert any("a label without a session answers 200" in one for one in found)


def test_cookies_of_the_whole_domain_are_found() -> None:
    wide = [(b"set-cookie", b"login=1; Domain=app.localhost"), (b"set-cookie", b"theme=dark")]
    (found,) = faults(Shop(headers=wide))
    assert found == "cookie login is set for all of app.localhost, and so arrives at every label"


def test_links_that_lead_out_of_a_session_are_found() -> None:
    port = free_port()  # no own link: it names another port
    shop = Shop(page=f'<a href="http://app.localhost:{port}/x">'.encode())
    assert faults(shop) == []
    own = Shop()

    def linked(scope: dict[str, Any]) -> None:
        host = dict(scope["headers"])[b"host"]
        own.page = b"<form action='http://" + host + b"/pay'><a href=/a>"

    own.around = linked
    (found,) = faults(own)
    assert "1 absolute link(s) to http://app.localhost:PORT, such as" in found


def test_what_is_no_address_is_no_link() -> None:
    assert faults(Shop(page=b"<a href='http://app.localhost:no/'><img src='http://[x/y'>")) == []


def test_an_app_that_takes_nothing_for_its_address_is_found() -> None:
    location = (b"location", b"http://[x/?redirect_uri=http://[y")
    found = faults(Shop(guarded=False, headers=[location]))
    told = "http://app.localhost:PORT: the app takes no address for its own address"
    assert told in found


def test_an_app_that_is_not_there_is_found() -> None:
    outside = Outside(url=f"http://app.localhost:{free_port()}", issuer=ISSUER)
    (found,) = examine_app(outside)
    assert (found.level, "cannot be reached" in found.what) == ("error", True)


def on_its_own_origin(shop: Shop) -> list[Finding]:
    """What is said of an app whose sessions have no origin of their own."""
    with shop.open() as outside:
        return list(examine_app(Outside(url=outside.url, issuer=ISSUER)))


def test_sessions_on_the_apps_own_origin_are_told_of() -> None:
    found = on_its_own_origin(Shop())
    assert [one.level for one in found] == ["ok", "ok", "warning", "ok"]
    assert found[-1].what.endswith(": what a session asks for reaches the SDK")


def test_what_answers_a_session_in_place_of_the_sdk_is_found() -> None:
    found = on_its_own_origin(Shop(guarded=False))[-1]
    assert (found.level, "by something else than the SDK" in found.what) == ("error", True)


def test_a_pages_policies_are_looked_at() -> None:
    shop = Shop(headers=[(b"content-security-policy", b"script-src 'none'")])
    assert "page.js from running" in on_its_own_origin(shop)[-1].what
    assert faults(shop) == []
    shop.page = b"<meta http-equiv=content-security-policy content=\"script-src 'none'\">"
    assert ["banner.js from running" in what for what in faults(shop)] == [True]


def _echoed(scope: dict[str, Any]) -> bytes:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    return headers.get(b"origin", b"")


@pytest.mark.parametrize(("guarded", "level"), [(True, "ok"), (False, "error")])
def test_an_api_that_lets_a_label_call_it_needs_a_guard(guarded: bool, level: str) -> None:
    api = Shop(guarded=guarded)

    def allow(scope: dict[str, Any]) -> None:
        api.headers = [(b"access-control-allow-origin", _echoed(scope))]

    api.around = allow
    with Shop().open() as shop, api.open() as other:
        assert shop.origins is not None
        # The same pattern for both: it is one installation's.
        found = list(
            examine_app(
                Outside(url=shop.url, issuer=ISSUER, origins=other.origins, apis=[other.url])
            )
        )
    assert found[-1].level == level

"""What a site's response goes through in a session, beyond what every adapter is held to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from wsgiref.util import FileWrapper

import asgiref.sync
import httpx
import pytest
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.test import AsyncClient, Client, RequestFactory, override_settings
from django.urls import path

from tests.fixtures.django_site import site
from understudy.sdk.context import present_request
from understudy.sdk.secret import Secret
from understudy.sdk.values import Opened, Subject
from understudy.testing import FakeGateway, FakeSession

GUARD = [site.GUARD]
PATTERN = "http://*.view.app.localhost:8701"
LABEL = f"understudy-{'a' * 26}.view.app.localhost:8701"


async def plain(request: HttpRequest) -> HttpResponse:
    """An async view, and the thread that it runs in."""
    return HttpResponse(str(threading.get_ident()))


def echo(request: HttpRequest) -> HttpResponse:
    """What the view sees of cookies and hosts."""
    return HttpResponse(f"{request.get_host()} {request.scheme} {dict(request.COOKIES)}")


def sets(request: HttpRequest) -> HttpResponse:
    """A view that sets cookies."""
    response = HttpResponse("set")
    response.set_cookie("sessionid", "7", httponly=True)
    response.set_cookie("theme", "dark")
    return response


def parts(request: HttpRequest) -> StreamingHttpResponse:
    """Parts that tidy up behind themselves."""

    def made() -> Iterator[bytes]:
        try:
            yield b"a"
            yield b"b"
        finally:
            TIDIED.append(present_request())

    return StreamingHttpResponse(made())


async def cut(request: HttpRequest) -> StreamingHttpResponse:
    """A body that fails, of a view that has taken a file."""
    UPLOADS.extend(request.FILES.values())

    async def made() -> AsyncIterator[bytes]:
        TIDIED.append(present_request())
        yield b"a"
        raise LookupError

    return StreamingHttpResponse(made())


def another(request: HttpRequest) -> HttpResponse:
    """A view that serves somebody else, and leaves something to tidy up."""
    request.user = SimpleNamespace(id="somebody else")
    response = HttpResponse("another's")
    response._resource_closers.append(lambda: TIDIED.append("closed"))
    return response


def file(request: HttpRequest) -> FileResponse:
    """A file of the disk's."""
    return FileResponse(Path(__file__).open("rb"))


def broken(request: HttpRequest) -> HttpResponse:
    """The site's page for its own faults, which says whose it is."""
    return HttpResponse(f"broken for {dict(request.COOKIES)}", status=500)


def unknown(subject: Subject) -> object:
    """A loader whose database is away."""
    raise ConnectionError(subject.id)


class HostedClient(AsyncClient):  # type: ignore[misc]  # Django has no types
    """Django's, which names its own host beside that of a request."""

    def _base_scope(self, **request: Any) -> Any:
        scope = super()._base_scope(**request)
        hosts = [header for header in scope["headers"] if header[0] == b"host"]
        others = [header for header in scope["headers"] if header[0] != b"host"]
        return {**scope, "headers": [*others, hosts[-1]]}


TIDIED: list[object] = []
UPLOADS: list[Any] = []
handler500 = broken
urlpatterns = [
    path("plain", plain),
    path("echo", echo),
    path("sets", sets),
    path("parts", parts),
    path("file", file),
    path("cut", cut),
    path("another", another),
]


@pytest.fixture(autouse=True)
def urls(installed_site: None) -> Iterator[None]:
    """The views above, and nothing but the guard before them."""
    TIDIED.clear()
    UPLOADS.clear()
    with override_settings(MIDDLEWARE=GUARD, ROOT_URLCONF=__name__):
        yield


@pytest.fixture(params=[Client, HostedClient], ids=["wsgi", "asgi"])
def ask(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Asks the site for something, by one of its handlers."""

    def asked(
        address: str, session: FakeSession, cookie: str = "", verb: str = "get", **headers: str
    ) -> Any:
        client = request.param(raise_request_exception=False)
        told = {**session.headers, "Cookie": f"{session.headers['Cookie']}; {cookie}", **headers}
        got = getattr(client, verb)(address, headers=told)
        return got if request.param is Client else asyncio.run(got)

    return asked


def test_the_agents_cookies_are_hidden_and_the_sessions_own_come_back(
    ask: Callable[..., Any], gateway: FakeGateway
) -> None:
    session = gateway.open()
    brought = "sessionid=agent; messages=agent; theme=dark"
    seen = ask("/echo", session, brought).content.decode()
    assert seen.endswith(f"{{'understudy_session': '{session.id}', 'theme': 'dark'}}")
    cookies = ask("/sets", session).cookies
    assert set(cookies) == {"__Host-understudy.sessionid", "theme"}
    kept = cookies["__Host-understudy.sessionid"]
    seen = ask("/echo", session, f"sessionid=agent; {kept.key}={kept.value}").content.decode()
    assert "'sessionid': '7'" in seen


def test_at_an_origin_of_its_own_the_site_sees_its_own_address(
    ask: Callable[..., Any], gateway: FakeGateway
) -> None:
    understudy = gateway.understudy(session_origins=PATTERN)
    given = {"UNDERSTUDY": understudy, "PRESENT_HOST": "https://app.example"}
    session = gateway.open(origin=f"http://{LABEL}")
    hosts = [".view.app.localhost", "app.example"]
    with override_settings(UNDERSTUDY=given, ALLOWED_HOSTS=hosts):
        got = ask("/echo", session, "sessionid=agent; theme=agent", host=LABEL)
        assert got.content.decode().startswith("app.example https {'understudy_session'")
        assert "agent" not in got.content.decode()
        gone = ask("/echo", gateway.open(), host=LABEL)
        assert (gone.status_code, gone.json()["code"]) == (410, "session_over")
    understudy.close()


def test_what_a_loader_raises_becomes_no_page_of_the_agents(
    ask: Callable[..., Any], gateway: FakeGateway
) -> None:
    understudy = gateway.understudy()
    given = {"UNDERSTUDY": understudy, "LOAD_USER": unknown}
    with override_settings(UNDERSTUDY=given):
        got = ask("/sets", gateway.open(), "sessionid=agent", "post")
    assert (got.status_code, got.content) == (500, b"broken for {}")
    understudy.close()


def test_a_body_tidies_up_under_its_own_request(gateway: FakeGateway) -> None:
    session = gateway.open(subject_id="42")
    response = Client().get("/parts", headers=session.headers)
    assert next(iter(response.streaming_content)) == b"a"
    response.close()
    (present,) = TIDIED
    assert present is not None
    assert present.impersonation.subject.id == "42"  # type: ignore[attr-defined]
    assert [action.status for action in gateway.actions(session.id)] == [200]


def test_what_nobody_reads_is_told_and_tidied_up_all_the_same(gateway: FakeGateway) -> None:
    session = gateway.open()
    response = Client().get("/file", headers=session.headers)
    response.close()
    assert [action.status for action in gateway.actions(session.id)] == [200]
    assert response.file_to_stream is None or response.file_to_stream.closed


def test_a_response_that_is_refused_tidies_up_behind_itself(
    ask: Callable[..., Any], gateway: FakeGateway
) -> None:
    got = ask("/another", gateway.open())
    assert (got.status_code, got.json()["code"]) == (401, "identity_not_applied")
    got.close()
    assert TIDIED == ["closed"]


async def test_a_body_that_fails_is_over_before_the_server_has_closed_it(
    gateway: FakeGateway,
) -> None:
    understudy, headers = gateway.understudy(), gateway.open().headers
    given = {"UNDERSTUDY": understudy, "LOAD_USER": lambda subject: SimpleNamespace(id=subject.id)}
    with override_settings(UNDERSTUDY=given):
        server = httpx.ASGITransport(ASGIHandler())
        async with httpx.AsyncClient(transport=server, base_url="http://testserver") as browser:
            with pytest.raises(LookupError):
                await browser.post("/cut", files={"file": b"a"}, headers=headers)
    (present,), (upload,) = TIDIED, UPLOADS
    assert present.over  # type: ignore[attr-defined]
    assert upload.closed
    understudy.close()


def test_a_server_sends_no_file_of_a_session_by_itself(gateway: FakeGateway) -> None:
    session, handler = gateway.open(), WSGIHandler()

    def sent(**headers: str) -> Any:
        asked = RequestFactory().get("/file", headers={"Host": "testserver", **headers})
        asked.environ["wsgi.file_wrapper"] = FileWrapper
        return handler(asked.environ, lambda *_: None)

    body = sent(**session.headers)
    assert not isinstance(body, FileWrapper)
    assert b"".join(body) == Path(__file__).read_bytes()
    body.close()
    assert [action.status for action in gateway.actions(session.id)] == [200]
    own = sent()
    assert isinstance(own, FileWrapper)
    own.close()


async def test_an_async_site_is_guarded_without_another_thread(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    call = asgiref.sync.SyncToAsync.__call__

    async def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append(self.func)
        return await call(self, *args, **kwargs)

    monkeypatch.setattr(asgiref.sync.SyncToAsync, "__call__", counted)
    headers = gateway.open().headers
    with override_settings(MIDDLEWARE=[]):
        await AsyncClient().get("/plain")
    bare = len(calls)
    got = await AsyncClient().get("/plain", headers=headers)
    assert (got.status_code, got.content.decode()) == (200, str(threading.get_ident()))
    assert len(calls) - bare == bare


async def test_a_service_that_takes_its_time_holds_no_other_request_up(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, refresh = threading.Event(), gateway.refresh

    def waits(token: Secret) -> Opened:
        other.wait(10)
        return refresh(token)

    monkeypatch.setattr(gateway, "refresh", waits)

    async def others() -> HttpResponseBase:
        found: HttpResponseBase = await AsyncClient().get("/plain")
        other.set()
        return found

    asked = AsyncClient().get("/plain", headers=gateway.open().headers)
    got, own = await asyncio.gather(asked, others())
    assert (got.status_code, own.status_code) == (200, 200)

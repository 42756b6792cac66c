"""The adapter for Django, under Django's handlers for WSGI and for ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import override_settings
from django.urls import re_path

from tests.contract.passage.drivers import (
    AsgiDriver,
    Asked,
    Got,
    LoadUser,
    MinimalDriver,
    View,
    user_of,
)
from tests.fixtures.django_site import site
from understudy.sdk.understudy import Understudy

_views: list[View] = []


def _seen(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Nearly every site looks who is signed in, before it calls its view."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> Any:
            await request.auser()
            return await get_response(request)

        return answer_async

    def answer(request: HttpRequest) -> Any:
        bool(request.user)
        return get_response(request)

    return answer


_seen.sync_capable = _seen.async_capable = True  # type: ignore[attr-defined]  # as Django asks


def _called(request: HttpRequest) -> View:
    view = _views[-1]
    view.called({name.lower(): value for name, value in request.headers.items()})
    view.request_body = request.body
    if view.settles_on is not None:
        request.user = view.settles_on
    return view


def _in_one_piece(view: View) -> HttpResponseBase | None:
    return None if len(view.parts) > 1 else _told(HttpResponse(b"".join(view.body())), view)


def _told(response: HttpResponseBase, view: View) -> HttpResponseBase:
    response.status_code = view.status
    for name, value in view.headers:
        if name == "set-cookie":
            cookie, _, said = value.partition("=")
            response.cookies[cookie] = said
        else:
            response[name] = value
    return response


def _view(request: HttpRequest) -> HttpResponseBase:
    view = _called(request)
    return _in_one_piece(view) or _told(StreamingHttpResponse(view.body()), view)


async def _async_view(request: HttpRequest) -> HttpResponseBase:
    view = _called(request)

    async def body() -> AsyncIterator[bytes]:
        for part in view.body():
            yield part
            # As a real server does: what runs beside the view has its turn.
            await asyncio.sleep(0)

    return _in_one_piece(view) or _told(StreamingHttpResponse(body()), view)


class _Sync:
    urlpatterns = (re_path("", _view),)


class _Async:
    urlpatterns = (re_path("", _async_view),)


def _settings(understudy: Understudy, load_user: LoadUser | None, urls: type) -> Any:
    site.set_up()
    load_user = load_user or (lambda subject: SimpleNamespace(id=subject.id))
    return override_settings(
        # Errors of the app reach the server, as they do in other frameworks.
        DEBUG_PROPAGATE_EXCEPTIONS=True,
        MIDDLEWARE=[
            site.GUARD,
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            f"{__name__}._seen",
        ],
        ROOT_URLCONF=urls,
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        UNDERSTUDY={"UNDERSTUDY": understudy, "LOAD_USER": load_user, "CONSENT_OF": user_of},
    )


class DjangoDriver(MinimalDriver):
    """The adapter for Django, under its handler for WSGI and the smallest server."""

    def __init__(self, understudy: Understudy, load_user: LoadUser | None) -> None:
        self._settings = _settings(understudy, load_user, _Sync)

    def visit(self, view: View, asked: Asked) -> Got:
        _views[:] = [view]
        with self._settings:
            return super().visit(view, asked)

    def _site(self, view: View) -> Any:
        return WSGIHandler()


class DjangoAsyncDriver(AsgiDriver):
    """The adapter for Django, under its handler for ASGI."""

    hears_that_it_is_gone = True

    def __init__(self, understudy: Understudy, load_user: LoadUser | None) -> None:
        self._settings = _settings(understudy, load_user, _Async)

    def visit(self, view: View, asked: Asked) -> Got:
        _views[:] = [view]
        with self._settings:
            return super().visit(view, asked)

    def _guarded(self, view: View) -> Any:
        return ASGIHandler()

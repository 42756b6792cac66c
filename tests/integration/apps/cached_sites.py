"""Sites that keep whole pages, inside of the guard, by address and by the headers of ``Vary``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from django.views.decorators.vary import vary_on_cookie
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.fixtures.django_site import site
from understudy import current_impersonation

App = Callable[..., Awaitable[None]]
Message = MutableMapping[str, Any]
LOGIN = "login"
"""The cookie by which these sites know their users."""


def _page(login: str | None) -> str:
    found = current_impersonation()
    whose = found.subject.id if found else login or "nobody"
    return f"<!doctype html><html><head></head><body>Letters of {whose}.</body></html>"


class PageCache:
    """Keeps each page and gives it to whoever asks for its address with the same headers, of those
    that the page names in ``Vary``.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._varies: dict[str, list[str]] = {}
        self._pages: dict[tuple[str, ...], list[Message]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        url, headers = str(Request(scope).url), Headers(scope=scope)
        kept = self._pages.get(self._key(url, headers))
        if kept is None:
            kept = []

            async def keep(message: Message) -> None:
                kept.append(message)

            await self._app(scope, receive, keep)
            vary = Headers(raw=kept[0]["headers"]).get("vary", "")
            self._varies[url] = [name.strip() for name in vary.split(",") if name]
            self._pages[self._key(url, headers)] = kept
        for message in kept:
            await send(message)

    def _key(self, url: str, headers: Headers) -> tuple[str, ...]:
        return (url, *(headers.get(name, "") for name in self._varies.get(url, [])))


def starlette_site() -> App:
    """A site on Starlette in a cache of pages."""

    async def letters(request: Request) -> Response:
        return HTMLResponse(_page(request.cookies.get(LOGIN)), headers={"vary": "Cookie"})

    return PageCache(Starlette(routes=[Route("/letters", letters)]))


@vary_on_cookie  # type: ignore[untyped-decorator]
def _letters(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_page(request.COOKIES.get(LOGIN)))


urlpatterns = [path("letters", _letters)]


def _routed(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return get_response(request)

    return answer


def django_site() -> App:
    """A site on Django with its cache of the whole site."""
    site.set_up()
    middleware = (
        f"{__name__}._routed",
        "django.middleware.cache.UpdateCacheMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.cache.FetchFromCacheMiddleware",
    )
    # Read once, as the site is made.
    with override_settings(MIDDLEWARE=middleware):
        app: App = ASGIHandler()
    return app

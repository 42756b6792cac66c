"""django-impersonate: a page with the middleware and somebody impersonated, and without it."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from benchmarks.peers.django_site import configure, make_people, signed_in
from benchmarks.peers.rounds import answer_rounds

_IMPERSONATE = "impersonate.middleware.ImpersonateMiddleware"


def page(request: HttpRequest) -> HttpResponse:
    """Says who is signed in."""
    return HttpResponse(str(request.user.pk))


urlpatterns = [path("", page)]


def main() -> None:
    """Measure a page that asks who is signed in, with the middleware and without."""
    configure(__name__, app="impersonate", middleware=_IMPERSONATE)
    from django.conf import settings

    (agent,), (user,) = make_people(1)
    session = signed_in(agent, _impersonate=user.pk)
    impersonated = WSGIHandler()
    plain = tuple(name for name in settings.MIDDLEWARE if name != _IMPERSONATE)
    with override_settings(MIDDLEWARE=plain):
        bare = WSGIHandler()
    for handler, shown in ((impersonated, user), (bare, agent)):
        if _ask(handler, session) != str(shown.pk).encode():
            raise SystemExit("the page is somebody else's")
    answer_rounds(call=_asking(impersonated, session), bare=_asking(bare, session))


def _asking(handler: WSGIHandler, session: str) -> Callable[[], bytes]:
    return lambda: _ask(handler, session)


def _ask(handler: WSGIHandler, session: str) -> bytes:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": f"sessionid={session}",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    response = handler(environ, lambda status, headers: None)
    body = b"".join(response)
    response.close()
    return body


if __name__ == "__main__":
    main()

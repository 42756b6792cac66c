"""A Django app as others would write it, and a browser at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from tests.acceptance.peers.desk import Answer, Desk
from tests.acceptance.peers.pages import BARE, PARTS, WHOLE
from tests.fixtures.django_project import Browser, project
from understudy.testing import FakeGateway

ORDERS: list[str] = []
STAFF = ("sam", "kim")


def me(request: HttpRequest) -> HttpResponse:
    """Whom the app serves."""
    return HttpResponse(request.user.get_username() or "nobody", content_type="text/plain")


def order(request: HttpRequest) -> HttpResponse:
    """Do something in somebody's name."""
    ORDERS.append(request.user.get_username())
    return HttpResponse("ordered", content_type="text/plain")


def whole(request: HttpRequest) -> HttpResponse:
    """A page as usual."""
    return HttpResponse(WHOLE)


def bare(request: HttpRequest) -> HttpResponse:
    """A page that ends without a tag."""
    return HttpResponse(BARE)


def parts(request: HttpRequest) -> StreamingHttpResponse:
    """A page that comes in parts."""
    return StreamingHttpResponse(iter(PARTS))


def lost(request: HttpRequest) -> HttpResponse:
    """A page of an error."""
    return HttpResponse(WHOLE, status=404)


urlpatterns = [
    path("me", me),
    path("order", csrf_exempt(order)),
    path("account/delete", csrf_exempt(order)),
    path("whole", whole),
    path("bare", bare),
    path("parts", parts),
    path("lost", lost),
]


class DjangoDesk(Desk):
    """By Django's own client, which checks forms as browsers are checked."""

    def __init__(self, gateway: FakeGateway) -> None:
        super().__init__(gateway, orders=ORDERS)
        self.browser = Browser()

    def ask(self, method: str, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        kind = headers.get("content-type", "text/plain")
        got = self.browser.generic(method, path, body, kind, headers=dict(headers))
        raw = b"".join(got.streaming_content) if got.streaming else got.content
        given = [("Set-Cookie", one.OutputString()) for one in got.cookies.values()]
        return Answer(got.status_code, raw.decode(), (*got.items(), *given))

    def cookies(self) -> dict[str, str]:
        return {name: one.value for name, one in self.browser.cookies.items()}

    def plant(self, name: str, value: str | None) -> None:
        if value is not None:
            self.browser.cookies[name] = value
        else:
            self.browser.cookies.pop(name, None)

    def another(self) -> DjangoDesk:
        return DjangoDesk(self.gateway)

    def sign_in(self, name: str) -> None:
        backend = "django.contrib.auth.backends.ModelBackend"
        self.browser.force_login(user(name), backend=backend)

    def user_id(self, name: str) -> str:
        return str(user(name).pk)

    def becomes(self, name: str, **facts: bool) -> None:
        users().filter(username=name).update(**facts)

    def delete(self, name: str) -> None:
        user(name).delete()


def users() -> Any:
    from django.contrib.auth.models import User

    return User.objects


def user(name: str) -> Any:
    """One of the app's people."""
    return users().get(username=name)


@contextmanager
def django_app(folder: Path, gateway: FakeGateway, **more: Any) -> Iterator[DjangoDesk]:
    """The app with Understudy in it, and its people."""
    ORDERS.clear()
    with project(folder, urls=more.pop("urls", __name__), gateway=gateway, **more):
        from django.contrib.auth.models import Permission

        may = Permission.objects.get(codename="impersonate_user")
        for name in ("ada", "bob"):
            users().create_user(name)
        for name in ("sam", "kim", "lee"):
            users().create_user(name, password="of before", is_staff=True)
        for name in STAFF:
            user(name).user_permissions.add(may)
        for name in ("root", "boss"):
            users().create_superuser(name)
        yield DjangoDesk(gateway)

"""An app of Pyramid that knows nothing of Understudy but where it asks who is signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

# mypy: disable-error-code="import-untyped"
from pyramid.authentication import AuthTktCookieHelper
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import FileResponse, Response

from understudy import current_impersonation, forbid_while_impersonating

SECRET = "a secret of the app's own"


class Policy:
    """Who is signed in, as Pyramid asks it."""

    def __init__(self) -> None:
        self._helper = AuthTktCookieHelper(SECRET)

    def authenticated_userid(self, request: Request) -> str | None:
        found = current_impersonation()
        if found is not None:
            return str(found.user["id"])
        identity = self._helper.identify(request)
        return str(identity["userid"]) if identity else None

    def remember(self, request: Request, userid: str, **more: Any) -> Any:
        return self._helper.remember(request, userid, **more)


def made(folder: Path) -> Any:
    """The app, with its files in ``folder``."""
    policy = Policy()

    def login(request: Request) -> Response:
        answer = Response("signed in")
        answer.headerlist.extend(policy.remember(request, "agent"))
        return answer

    def me(request: Request) -> Response:
        return Response(f"<html><body>Hello {request.authenticated_userid}</body></html>")

    def add(request: Request) -> Response:
        answer = HTTPSeeOther(f"/notes?{request.POST['text']}")
        answer.set_cookie("flash", request.authenticated_userid)
        return answer

    def lines(request: Request) -> Response:
        parts = (f"{request.authenticated_userid}\n".encode() for _ in range(3))
        return Response(app_iter=parts, content_type="text/plain")

    def file(request: Request) -> Response:
        assert request.authenticated_userid
        return FileResponse(str(folder / "a.pdf"), request=request)

    @forbid_while_impersonating
    def password(context: object, request: Request) -> Response:
        return Response("password set")

    def broken(request: Request) -> Response:
        raise HTTPForbidden if request.params else LookupError

    def keys(request: Request) -> Response:
        return Response(request.matchdict["name"])

    with Configurator() as config:
        config.set_security_policy(policy)
        views = {"login": login, "me": me, "notes": add, "lines": lines, "file": file}
        for name, view in {**views, "password": password, "broken": broken}.items():
            config.add_route(name, f"/{name}")
            config.add_view(view, route_name=name)
        config.add_route("keys", "/keys/{name}")
        config.add_view(keys, route_name="keys")
        return config.make_wsgi_app()

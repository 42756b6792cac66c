"""The doctor lists the routes of apps that it can import, of each framework."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import CommandLine, Prepared
from understudy.cli.app_routes import known_routes
from understudy.core.governance.denying import Harm
from understudy.core.governance.routes import BY_THE_APP, Known, RouteClass
from understudy.errors import InvalidInput

FASTAPI = """
from fastapi import APIRouter, FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.testing import FakeGateway

inner = APIRouter()

@inner.get("/{user_id}")
def one(user_id: str): ...

@inner.put("/{user_id}/password")
def password(user_id: str): ...

router = APIRouter()
router.include_router(inner, prefix="/users")
app = FastAPI(openapi_url=None)
app.include_router(router, prefix="/api")

@app.post("/search")
def search(): ...

@app.websocket("/live")
async def live(socket: WebSocket): ...

class Page:
    pass

app.mount("/old", Starlette(routes=[Route("/export", Page)]))
app.mount("/other", lambda scope, receive, send: None)
guarded = UnderstudyMiddleware(app, understudy=FakeGateway().understudy())
neither = object()

def made():
    return app
"""
FLASK = """
from flask import Flask

app = Flask("desk", static_folder=None)
app.add_url_rule("/orders/<int:id>", "order", print, methods=["GET", "POST"])
app.add_url_rule("/account/2fa", "second", print)
"""
DJANGO = """
from django.contrib.auth import views
from django.urls import include, path, re_path
from django.views.generic import TemplateView

within = [re_path(r"^(?P<year>[0-9]{4})/$", TemplateView.as_view()), path("save", print)]
urlpatterns = [
    path("reports/", include(within)),
    path("password_change/", views.PasswordChangeView.as_view()),
]
"""
FASTAPI_SAYS = """
from fastapi import APIRouter, Depends, FastAPI
from starlette.endpoints import HTTPEndpoint
from starlette.routing import Route

from understudy import forbid_while_impersonating, reads
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.fastapi import NotWhileImpersonating
from understudy.testing import FakeGateway

class Report(HTTPEndpoint):
    @reads
    def post(self, request): ...

app = FastAPI(openapi_url=None, routes=[Route("/report", Report, methods=["POST"])])

@app.post("/search")
@reads
def search(): ...

@app.post("/find")
def find(): ...

@app.post("/plan")
@forbid_while_impersonating
def plan(): ...

own = APIRouter(dependencies=[NotWhileImpersonating])

@own.post("/address")
def address(): ...

app.include_router(own, prefix="/own")

@app.post("/name")
def name(_=Depends(forbid_while_impersonating)): ...

@app.post("/exports/password")
@reads
def export(): ...

wrapped = UnderstudyMiddleware(
    app, understudy=FakeGateway().understudy(), reads=["POST /find"]
)
app.add_middleware(
    UnderstudyMiddleware, understudy=FakeGateway().understudy(), reads=["POST /find"]
)
"""
FLASK_SAYS = """
from flask import Flask
from flask.views import MethodView

from understudy import forbid_while_impersonating, reads
from understudy.contrib.flask import Understudy
from understudy.testing import FakeGateway

app = Flask("desk", static_folder=None)
Understudy(app, understudy=FakeGateway().understudy(), reads=["POST /find"])

class Both(MethodView):
    @reads
    def post(self): ...
    @forbid_while_impersonating
    def put(self): ...
    def patch(self): ...

@app.post("/search")
@reads
def search(): ...

@app.post("/find")
def find(): ...

app.add_url_rule("/both", view_func=Both.as_view("both"))
"""
DJANGO_SAYS = """
from django.urls import path
from django.views import View

from understudy import forbid_while_impersonating, reads

class Both(View):
    @reads
    def post(self, request): ...
    @forbid_while_impersonating
    def put(self, request): ...

urlpatterns = [
    path("search", reads(lambda request: None)),
    path("find", print),
    path("plan", forbid_while_impersonating(lambda request: None)),
    path("both", Both.as_view()),
]
"""
Listed = list[tuple[str, str, str]]


@pytest.fixture
def app_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Callable[[str], str]:
    """A module with this text in the current folder, by its name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    name = "app_of_" + "".join(filter(str.isalnum, request.node.name))

    def make(text: str) -> str:
        (tmp_path / f"{name}.py").write_text(text)
        return name

    return make


def listed(rows: list[dict[str, Any]]) -> Listed:
    return [(row["kind"], row["method"], row["path"]) for row in rows]


FASTAPI_LISTED: Listed = [
    ("read", "GET", "/api/users/{user_id}"),
    ("blocked", "PUT", "/api/users/{user_id}/password"),
    ("unclassified", "POST", "/search"),
    ("unclassified", "*", "/live"),
    ("blocked", "*", "/old/export"),
    ("unclassified", "*", "/other/{path}"),
]


@pytest.mark.parametrize("name", ["app", "guarded", "made()"])
def test_an_app_of_fastapi_with_what_it_includes_and_mounts(
    empty: CommandLine, app_in: Callable[[str], str], name: str
) -> None:
    found = empty.facts("doctor", "--app", f"{app_in(FASTAPI)}:{name}")
    assert listed(found) == FASTAPI_LISTED
    assert found[1]["blocked"] == Harm.CREDENTIALS.label


def test_an_app_of_flask(empty: CommandLine, app_in: Callable[[str], str]) -> None:
    assert listed(empty.facts("doctor", "--app", f"{app_in(FLASK)}:app")) == [
        ("read", "GET", "/orders/<int:id>"),
        ("unclassified", "POST", "/orders/<int:id>"),
        ("blocked", "GET", "/account/2fa"),
    ]


@pytest.mark.parametrize("name", ["app", "wrapped"])
def test_views_of_fastapi_say_what_they_are(
    empty: CommandLine, app_in: Callable[[str], str], name: str
) -> None:
    found = empty.facts("doctor", "--app", f"{app_in(FASTAPI_SAYS)}:{name}")
    assert listed(found) == [
        ("read", "POST", "/report"),
        ("read", "POST", "/search"),
        ("read", "POST", "/find"),
        ("blocked", "POST", "/plan"),
        ("blocked", "POST", "/own/address"),
        ("blocked", "POST", "/name"),
        # What is blocked stays so, whatever a view says of itself.
        ("blocked", "POST", "/exports/password"),
    ]
    assert [found[3]["blocked"], found[6]["blocked"]] == [BY_THE_APP, Harm.CREDENTIALS.label]


def test_views_of_flask_say_what_they_are(empty: CommandLine, app_in: Callable[[str], str]) -> None:
    assert listed(empty.facts("doctor", "--app", f"{app_in(FLASK_SAYS)}:app")) == [
        ("read", "POST", "/search"),
        ("read", "POST", "/find"),
        ("unclassified", "PATCH", "/both"),
        ("read", "POST", "/both"),
        ("blocked", "PUT", "/both"),
    ]


def of_site(urls: str, folder: Path, more: str = "") -> Listed:
    (folder / "site_settings.py").write_text(
        f"SECRET_KEY, ROOT_URLCONF = 'x' * 50, {urls!r}\n"
        "INSTALLED_APPS = ['django.contrib.auth', 'django.contrib.contenttypes']\n" + more
    )
    words = ("doctor", "--app", "site_settings", "--pack", "django_auth", "--json")
    # In a process of its own, as Django is set up once.
    done = subprocess.run(
        [sys.executable, "-m", "understudy", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return listed(json.loads(done.stdout))


def test_views_of_django_say_what_they_are(app_in: Callable[[str], str], tmp_path: Path) -> None:
    declared = "UNDERSTUDY = {'READS': ['/find']}\n"
    assert of_site(app_in(DJANGO_SAYS), tmp_path, declared) == [
        ("read", "*", "/search"),
        ("read", "*", "/find"),
        ("blocked", "*", "/plan"),
        ("read", "POST", "/both"),
        ("blocked", "PUT", "/both"),
    ]


def test_a_site_of_django_by_its_settings(app_in: Callable[[str], str], tmp_path: Path) -> None:
    assert of_site(app_in(DJANGO), tmp_path) == [
        ("read", "GET", "/reports/<year>/"),
        ("unclassified", "*", "/reports/save"),
        *[("blocked", method, "/password_change/") for method in ("GET", "POST", "PUT")],
    ]


def test_a_build_fails_on_what_nobody_has_classified(
    empty: CommandLine, app_in: Callable[[str], str], tmp_path: Path
) -> None:
    words = ("doctor", "--app", f"{app_in(FLASK)}:app", "--fail-on", "unclassified")
    done = empty.run(*words)
    assert done.exit_code == 1
    assert "1 read, 0 write, 1 blocked, 1 unclassified" in done.stderr
    (tmp_path / "routes.txt").write_text("# ours\n\nwrite POST /orders/{id}  # by support\n")
    done = empty.run(*words, "--classified", "routes.txt")
    assert done.exit_code == 0
    assert "1 read, 1 write, 1 blocked, 0 unclassified" in done.stderr


def test_an_application_is_taken_at_what_it_blocks(
    prepared: Prepared, app_in: Callable[[str], str]
) -> None:
    words = ("doctor", "--app", f"{app_in(FLASK)}:app")
    assert "blocked" in dict((row[0], row) for row in listed(prepared.facts(*words)))
    chosen = (*words, "--application", prepared.app_id)
    assert listed(prepared.facts(*chosen))[2][0] == "blocked"
    assert "not_found" in prepared.refused(*words, "--application", "app_none")


@pytest.mark.parametrize(
    "target", ["no_such_module:app", "no_such_settings", "{}:nothing", "{}:neither"]
)
def test_what_has_no_routes_is_refused(
    empty: CommandLine, app_in: Callable[[str], str], target: str
) -> None:
    named = target.format(app_in(FASTAPI))
    assert empty.refused("doctor", "--app", named).endswith("[invalid_input]")


def test_a_file_says_of_routes_what_they_are() -> None:
    lines = ["write * /orders/**", "  read post /search # a form", "#", ""]
    assert list(known_routes(lines)) == [
        Known(kind=RouteClass.WRITE, method="*", pattern="/orders/**"),
        Known(kind=RouteClass.READ, method="POST", pattern="/search"),
    ]


@pytest.mark.parametrize(
    "line", ["blocked POST /x", "write POST", "write POST x", "write P0ST /x", "POST /x write /y"]
)
def test_a_line_that_says_something_else_is_refused(line: str) -> None:
    with pytest.raises(InvalidInput):
        list(known_routes([line]))

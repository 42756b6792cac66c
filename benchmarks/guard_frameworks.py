"""What the guard costs each request of a Django site and of a Flask app, in process.

Both over WSGI, with their usual middleware, and with a page that asks for nobody. Processor time:
the best of many short rounds, since neighbours can only make it longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from flask import Flask

from benchmarks.app import AGENT_COOKIE, LONG_PAGE, GuardedApp
from benchmarks.guard_wsgi import environ, serve
from benchmarks.rounds import Round, best, interleaved, microseconds
from benchmarks.row import Row
from benchmarks.scale import Scale
from understudy.contrib.flask import Understudy as FlaskUnderstudy

FRAMEWORKS = ("django", "flask")
NAMES = tuple(f"guard-{name}-{what}" for name in FRAMEWORKS for what in ("no-cookie", "page"))
NO_COOKIE_BAR = 5.0
PAGE_BAR = 60.0
_GUARD = "understudy.contrib.django.UnderstudyMiddleware"
_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
_DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
_SETTINGS = {
    "ALLOWED_HOSTS": ["app.example.com"],
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "understudy.contrib.django",
    ],
    "MIDDLEWARE": _MIDDLEWARE,
    "ROOT_URLCONF": __name__,
    "SECRET_KEY": "a key for a benchmark",
    "USE_TZ": True,
}


def rows(scale: Scale) -> Iterator[Row]:
    """No overlay cookie, in a process in which a session is served; a whole page of a session."""
    with GuardedApp.opened() as guarded, _django(guarded) as django, _flask(guarded) as flask:
        sites = {"django": django, "flask": flask}
        found = best(interleaved(scale.short_rounds, _measures(guarded, sites, scale.calls)))
    for name in FRAMEWORKS:
        bare = found[f"{name} bare"]
        yield Row(
            name=f"guard-{name}-no-cookie",
            what=f"added to a request of {name.title()} without overlay cookie",
            unit="µs",
            value=found[f"{name} passing"] - bare,
            at_most=NO_COOKIE_BAR,
        )
        yield Row(
            name=f"guard-{name}-page",
            what=f"added to a page of 100 KB in a session, {name.title()}",
            unit="µs",
            value=found[f"{name} page"] - bare,
            at_most=PAGE_BAR,
        )


def _measures(
    guarded: GuardedApp, sites: dict[str, tuple[Any, Any]], calls: int
) -> dict[str, Round]:
    measures: dict[str, Round] = {}
    cookie = dict(guarded.asked["headers"])[b"cookie"]
    for name, (bare, site) in sites.items():
        measures |= {
            f"{name} bare": _round(bare, AGENT_COOKIE, calls),
            f"{name} passing": _round(site, AGENT_COOKIE, calls),
            f"{name} page": _round(site, cookie, calls),
        }
    return measures


def _round(app: Any, cookie: bytes, calls: int) -> Round:  # noqa: ANN401 - WSGI
    # A request of its own each time, as frameworks write into it.
    asked = environ(cookie)
    return lambda: microseconds(lambda: serve(app, dict(asked)), calls)


def order(_: HttpRequest, number: int) -> HttpResponse:
    """One page of 100 KB."""
    del number
    return HttpResponse(LONG_PAGE)


urlpatterns = [path("orders/<int:number>", order)]


@contextmanager
def _django(guarded: GuardedApp) -> Iterator[tuple[Any, Any]]:
    """The site without the guard, and with it, for as long as its settings hold."""
    import django
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    # A process that has a site already, as that of the tests, keeps it.
    if not settings.configured:
        settings.configure(LOGGING_CONFIG=None, DATABASES=_DATABASES, **_SETTINGS)
        django.setup()
    with override_settings(**_SETTINGS, UNDERSTUDY={"UNDERSTUDY": guarded.understudy}):
        bare = WSGIHandler()
        with override_settings(MIDDLEWARE=[_GUARD, *_MIDDLEWARE]):
            site = WSGIHandler()
        yield bare, site


@contextmanager
def _flask(guarded: GuardedApp) -> Iterator[tuple[Any, Any]]:
    """The app without the guard, and with it."""
    bare, site = (Flask(f"{__name__}.{number}") for number in range(2))
    for app in (bare, site):
        app.add_url_rule("/orders/<int:number>", "order", lambda number: LONG_PAGE)
    FlaskUnderstudy(site, understudy=guarded.understudy, load_user=lambda subject: subject)
    yield bare, site

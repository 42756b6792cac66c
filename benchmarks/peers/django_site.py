"""A Django site on SQLite, with django-hijack or django-impersonate in it.

Django's own settings, but for three that make it faster: no templates, SQLite's write-ahead log,
and ``IMMEDIATE`` transactions, without which writers fail with "database is locked". Connections to
the database are kept between requests only where that is asked for.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from benchmarks.peers import DATABASE, KEEP

BACKEND = "django.contrib.auth.backends.ModelBackend"
_MIDDLEWARE = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
)


def configure(urls: str, *, app: str, middleware: str, **more: object) -> None:
    """Set Django up over the file, with one more app and its middleware at the end."""
    settings.configure(
        SECRET_KEY="the same in every process of a run",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=urls,
        INSTALLED_APPS=(
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            app,
        ),
        MIDDLEWARE=(*_MIDDLEWARE, middleware),
        DATABASES={"default": _database(Path(os.environ[DATABASE]))},
        LOGIN_REDIRECT_URL="/",
        LOGOUT_REDIRECT_URL="/",
        USE_TZ=True,
        **more,
    )
    django.setup()


def make_people(count: int) -> tuple[list[Any], list[Any]]:
    """``count`` agents who may do anything, and as many plain users, in new tables."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    model = get_user_model()
    for number in range(count):
        model.objects.create(username=f"agent-{number}", is_superuser=True, is_staff=True)
        model.objects.create(username=f"user-{number}")
    people = list(model.objects.order_by("pk"))
    return people[0::2], people[1::2]


def signed_in(agent: Any, **more: object) -> str:  # noqa: ANN401 - Django's user model
    """The key of a new session of ``agent``, with ``more`` in it."""
    from django.contrib import auth
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[auth.SESSION_KEY] = str(agent.pk)
    session[auth.BACKEND_SESSION_KEY] = BACKEND
    session[auth.HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.update(more)
    session.create()
    return str(session.session_key)


def _database(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None if KEEP in os.environ else 0,
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }

"""A guarded Django site, as gunicorn runs it behind nginx."""

from __future__ import annotations

import os
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection

from tests.fixtures.django_site.site import GUARD, MIDDLEWARE, SETTINGS
from understudy.sdk.values import Subject

URLS = "tests.integration.nginx.kept_urls"
CHOSEN = {
    "ALLOWED_HOSTS": [".localhost"],
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "understudy.contrib.django",
    ],
    "MIDDLEWARE": [GUARD, f"{URLS}.telling", *MIDDLEWARE],
    "ROOT_URLCONF": URLS,
}


def user_of(subject: Subject) -> Any:
    """Understudy knows users by their names."""
    from django.contrib.auth.models import User

    return User.objects.filter(username=subject.id).first()


def made() -> Any:
    """The site, with an agent and a user in a database of its own."""
    understudy = {
        "URL": os.environ["SERVICE"],
        "APPLICATION_ID": os.environ["APP_ID"],
        "SECRET": os.environ["APP_SECRET"],
        "SESSION_ORIGINS": os.environ["PATTERN"],
        "HAND_OFFS": ["stytch"],
        "LOAD_USER": user_of,
        "USER_ID": lambda user: user.get_username(),
    }
    file = {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}
    databases = {"DATABASES": {"default": file}}
    settings.configure(**{**SETTINGS, **CHOSEN, **databases, "UNDERSTUDY": understudy})
    django.setup()
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import User

    for name in ("kim", "ada"):
        User.objects.create_user(name)
    # Workers begin with connections of their own.
    connection.close()
    return get_wsgi_application()

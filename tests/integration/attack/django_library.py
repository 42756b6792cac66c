"""A small Django site with one of the libraries that people use today, as a target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from unittest import mock

import django
from django.conf import settings

from understudy.testing.attack import AttackBrowser, AttackTarget, Sending

PEOPLE = {"1": "kim", "2": "lee", "3": "ada", "4": "grace", "5": "root"}
STAFF, ADMIN = ("1", "2"), "5"


def site(apps: Sequence[str], middleware: Sequence[str], urls: str, **more: Any) -> Any:
    """The site as a WSGI app, with its people in a database in memory."""
    settings.configure(
        ALLOWED_HOSTS=["testserver"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            *("django.contrib.auth", "django.contrib.contenttypes"),
            *("django.contrib.sessions", "django.contrib.messages"),
            *apps,
        ],
        LOGIN_REDIRECT_URL="/",
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            *middleware,
        ],
        ROOT_URLCONF=urls,
        SECRET_KEY="x" * 50,
        SECURE_PROXY_SSL_HEADER=None,
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        USE_TZ=True,
        **more,
    )
    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    for pk, name in PEOPLE.items():
        users().create(
            pk=pk, username=name, is_staff=pk in (*STAFF, ADMIN), is_superuser=pk == ADMIN
        )
    return get_wsgi_application()


def users() -> Any:
    """Those of the site."""
    from django.contrib.auth.models import User

    return User.objects


def target(app: Any, *, start: Any, stop: Sending) -> Iterator[AttackTarget]:
    """The site's people; the clock that is moved is put back."""
    with ExitStack() as moved:
        yield AttackTarget(
            app=app,
            agent="1",
            colleague="2",
            user="3",
            other="4",
            admin="5",
            login_cookies=("sessionid",),
            sign_in=lambda browser, who: browser.open(f"/sign-in/{who}"),
            whoami=lambda browser: browser.open("/me").text or None,
            start=start,
            stop=stop,
            page_headers=_token,
            change=Sending(method="POST", path="/change", form={}),
            dangerous=[Sending(method="POST", path="/settings/password", form={})],
            disable=lambda who: users().filter(pk=who).update(is_active=False),
            later=lambda by: moved.enter_context(_later(by)),
            recorded=lambda: [],
        )
    users().update(is_active=True)


def _token(browser: AttackBrowser) -> Mapping[str, str]:
    browser.open("/me")
    return {"X-CSRFToken": browser.cookies().get("csrftoken", ""), "Referer": "https://testserver/"}


def _later(by: timedelta) -> Any:
    from django.utils import timezone

    then = timezone.now() + by
    return mock.patch.object(timezone, "now", return_value=then)

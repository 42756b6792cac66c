"""When whoever has a session of Django's has signed in to it.

``last_login`` says when somebody did, on whatever machine. The session itself says it where
allauth keeps it there, and elsewhere since we do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

KEY = "_understudy_signed_in_at"
_ALLAUTH = "account_authentication_methods"


def note_sign_ins() -> None:
    """Have each session say when it was signed in to, from now on."""
    user_logged_in.connect(_note, dispatch_uid="understudy.contrib.django.sign_in_moment")


def moment_in(session: SessionBase | None) -> datetime | None:
    """When its person has last proved who they are; None where nobody can say."""
    latest = max(_moments(session), default=None) if session is not None else None
    return None if latest is None else datetime.fromtimestamp(latest, UTC)


def _note(request: HttpRequest | None = None, **_: object) -> None:
    if request is not None and hasattr(request, "session"):
        request.session[KEY] = int(time.time())


def _moments(session: SessionBase) -> Iterator[float]:
    methods = session.get(_ALLAUTH)
    told = methods if isinstance(methods, list) else []
    by_allauth = [method.get("at") for method in told if isinstance(method, dict)]
    for moment in (session.get(KEY), *by_allauth):
        # What lies ahead was said by a clock that nobody can go by.
        if isinstance(moment, int | float) and 0 < moment <= time.time():
            yield moment

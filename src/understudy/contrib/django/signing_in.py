"""Keeps whoever works as somebody else from signing in as them, or as anybody."""

from __future__ import annotations

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from understudy.contrib.django.errors import SignInRefused
from understudy.sdk.context import present_request

_UPDATE = "update_last_login"


def guard_sign_ins() -> None:
    """Have sign-ins in a session refused, from now on; before Django writes when they were."""
    # Receivers are called in the order in which they came: Django's own goes behind us.
    from django.contrib.auth.models import update_last_login

    user_logged_in.connect(refuse_sign_in, dispatch_uid="understudy.contrib.django")
    if user_logged_in.disconnect(dispatch_uid=_UPDATE):
        user_logged_in.connect(update_last_login, dispatch_uid=_UPDATE)


def refuse_sign_in(request: HttpRequest | None = None, **_: object) -> None:
    """Undo a sign-in that happens in a session.

    :raises SignInRefused: it does; the guard answers 403 and records it as blocked.
    """
    present = present_request()
    if present is None or present.impersonation is None:
        return
    present.forbidden = present.forbidden or not present.over
    if request is not None and hasattr(request, "session"):
        # By now it says who is signed in, and would say it to the next request.
        request.session.flush()
    raise SignInRefused

"""Which of the site's users agrees to something: by its own sign-in, which is only read."""

from __future__ import annotations

from django.http import HttpRequest

from understudy.contrib.django.conf import setup
from understudy.contrib.django.permission import may_begin
from understudy.contrib.django.staff import signed_in


def user_of(request: HttpRequest) -> str | None:
    """A ``CONSENT_OF`` for sites whose users sign in by Django's own session.

    Whoever might start a session themselves is nobody here: staff agree to nothing.
    """
    user = signed_in(request)
    if user is None or may_begin(user):
        return None
    return str(setup().user_id(user))

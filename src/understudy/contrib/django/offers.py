"""What a page offers to a person who may impersonate: a form for our own address."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model
from django.http import HttpRequest

from understudy.contrib.django.conf import setup
from understudy.contrib.django.permission import is_allowed


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A form that starts an impersonation of ``subject``, to be posted to ``action``."""

    action: str
    subject: Model
    subject_id: str


def offer_for(request: HttpRequest, subject: Model) -> Offer | None:
    """What ``request`` may show of ``subject``; None where its user may not."""
    actor = getattr(request, "user", None)
    if actor is None or subject is None or not is_allowed(actor, subject):
        return None
    return offer_of(request, subject)


def offer_of(request: HttpRequest, subject: Model) -> Offer:
    """The form for ``subject``, whoever may see it."""
    found = setup()
    # Where the site is mounted, which requests of WSGI do not tell.
    base = request.path.removesuffix(request.path_info)
    return Offer(
        action=f"{base}{found.installed.routes.prefix}/start",
        subject=subject,
        subject_id=str(found.user_id(subject)),
    )

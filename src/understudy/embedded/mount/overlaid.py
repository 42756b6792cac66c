"""What the mount answers a browser that works as somebody else: nothing.

The dashboard is the agent's alone, and no page of the subject's may reach it. The guard refuses
that, and writes it down; this is for where it does not stand in between. Status and end of the
session are addresses of the guard's own.
"""

from __future__ import annotations

from http import HTTPStatus

from understudy.sdk.context import current_impersonation
from understudy.sdk.cookies import OVERLAY_MARK
from understudy.sdk.plain_page import plain_page
from understudy.sdk.reading import header_texts
from understudy.sdk.scope import Scope
from understudy.sdk.visit import Answer, problem, wants_page
from understudy.sdk.wording import refusal_text

CODE = "nested"
_HEALTH = ("/healthz", "/readyz")


def overlaid_answer(scope: Scope, rest: str) -> Answer | None:
    """The refusal of a request that brings a session along; None for one that brings none.

    ``rest`` is the path below the mount.
    """
    if rest in _HEALTH or not is_overlaid(scope):
        return None
    if not wants_page(header_texts(scope)):
        return problem(HTTPStatus.FORBIDDEN, CODE, refusal_text(CODE))
    return plain_page(
        HTTPStatus.FORBIDDEN,
        "You are working as somebody else",
        "<p>Understudy is open to yourself alone. End the session by the banner on the app's "
        "pages, then come back here.</p>"
        '<div class="row"><a class="button" href="/">Open the app</a></div>',
    )


def is_overlaid(scope: Scope) -> bool:
    """Whether a session is laid over the browser, whatever has become of it."""
    cookies = (value for name, value in scope["headers"] if name.lower() == b"cookie")
    return any(OVERLAY_MARK in value for value in cookies) or current_impersonation() is not None

"""What Flask tells of a request in a session, and what templates are told."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from werkzeug.local import LocalProxy

from understudy.contrib.flask.login import loaded, settled_on
from understudy.core.impersonation.restrictions import SAFE_METHODS
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.context import Present, current_impersonation, present_request
from understudy.sdk.environ import ROUTE, SEEN
from understudy.sdk.visit import problem

IMPERSONATION = LocalProxy(current_impersonation)


def hook_into(app: Flask) -> None:
    """Let ``app`` call us around each of its requests."""
    # Before whatever may ask who is served. Flask looks whether those that it calls before a
    # request are async, anew for each request; these it takes as they are.
    app.url_value_preprocessors.setdefault(None, []).insert(0, _begin)
    app.after_request(_settled)
    app.context_processor(_for_templates)
    app.register_error_handler(ForbiddenWhileImpersonating, _forbidden)


def _session() -> Present | None:
    # Not by ``current_impersonation``: that would count as the app's asking.
    present = present_request()
    return present if isinstance(present, Present) and not present.over else None


def _begin(_: str | None, __: dict[str, Any] | None) -> None:
    present = _session()
    if present is None:
        return
    if request.url_rule is not None:
        request.environ[ROUTE] = request.url_rule.rule
    if request.method not in SAFE_METHODS:
        _make_sure(present)


def _make_sure(present: Present) -> None:
    """Load the user now: nothing is changed before it is known that it is the subject's."""
    asked = present.asked
    loaded(present.impersonation.user)
    # It was not the app that has asked.
    present.asked = asked


def _settled(response: Response) -> Response:
    if _session() is not None and (user := settled_on()) is not None:
        request.environ[SEEN] = user
    return response


def _for_templates() -> dict[str, Any]:
    # Looked up when a template does: a page that never asks must not seem to have asked.
    return {"impersonation": IMPERSONATION}


def _forbidden(error: ForbiddenWhileImpersonating) -> Response:
    answer = problem(error.status, error.code, error.detail)
    return Response(answer.body, answer.status, list(answer.all_headers()))

"""Views of a Flask app that are declared to change nothing, by the app's own routes."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from understudy.core.impersonation.restrictions import SAFE_METHODS, Methods
from understudy.sdk.declared_reads import is_reading_view


def only_reads(app: Flask, environ: dict[str, Any], methods: Methods) -> bool:
    """Whether whatever view the request may reach, by any of its methods, is declared."""
    adapter = app.create_url_adapter(app.request_class(environ))
    if adapter is None:
        return False
    reached = False
    for method in methods:
        if method in SAFE_METHODS:
            continue
        try:
            endpoint, _ = adapter.match(method=method)
        except (NotFound, MethodNotAllowed):
            continue
        except (HTTPException, RequestRedirect):
            return False
        view = app.view_functions.get(endpoint)
        if not is_reading_view(view, (method,), getattr(view, "view_class", None)):
            return False
        reached = True
    return reached

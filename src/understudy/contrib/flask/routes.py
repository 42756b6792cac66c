"""Every route of a Flask app, as its URL map tells."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from understudy.core.governance.routes import Route
from understudy.sdk.said_of_views import route_of_view

_BESIDE = frozenset({"HEAD", "OPTIONS"})


def flask_routes(app: Flask) -> Iterator[Route]:
    """One for each method of each rule; static files are rules as well."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions.get(rule.endpoint)
        kind = getattr(view, "view_class", None)
        for method in sorted((rule.methods or frozenset()) - _BESIDE):
            yield route_of_view(method, rule.rule, view, kind=kind)

"""Every route of a Flask app, as its URL map tells."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from understudy.core.governance.routes import Route

_BESIDE = frozenset({"HEAD", "OPTIONS"})


def flask_routes(app: Flask) -> Iterator[Route]:
    """One for each method of each rule; static files are rules as well."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or frozenset()) - _BESIDE):
            yield Route(method=method, path=rule.rule)

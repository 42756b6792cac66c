"""The dashboard in front of a Flask app; ``understudy.contrib.flask.Understudy`` puts it there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Request

from understudy.contrib.wsgi.types import App, Environ
from understudy.embedded.mount.wsgi import DashboardMiddleware
from understudy.sdk.understudy import Understudy


def with_dashboard(app: Flask, inner: App, understudy: Understudy) -> App:
    """``inner``, which serves ``app``, and beside it the dashboard of ``understudy``.

    ``staff`` is asked as a view of ``app`` would be, with Flask's request.

    :raises SetupError: see ``DashboardMiddleware``.
    """

    @contextmanager
    def asking(environ: Environ) -> Iterator[Request]:
        with app.request_context(environ) as context:
            yield context.request

    return DashboardMiddleware(inner, understudy=understudy, asking=asking)

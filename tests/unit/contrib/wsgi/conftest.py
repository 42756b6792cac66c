"""Apps under the middleware, and the browsers that use them."""

from __future__ import annotations

from typing import Any, Protocol
from wsgiref.validate import validator

import pytest

from tests.unit.contrib.wsgi.server import App, Got, asked, served
from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.sdk.understudy import Understudy


class Site:
    """An app under the middleware, with the checker of PEP 3333 on either side."""

    def __init__(self, app: App, understudy: Understudy, **options: Any) -> None:
        self.middleware = UnderstudyMiddleware(validator(app), understudy=understudy, **options)

    def ask(
        self,
        path: str = "/orders",
        headers: dict[str, str] | None = None,
        *,
        leaves_after: int | None = None,
        **more: Any,
    ) -> Got:
        """One request."""
        return served(self.middleware, asked(path, headers, **more), leaves_after=leaves_after)


class Guarded(Protocol):
    """Puts an app under the middleware."""

    def __call__(self, app: App, **options: Any) -> Site: ...


def unchecked(guarded: Guarded, app: Any) -> Site:
    """Without the checker within, which hides how many parts there are."""
    site = guarded(app)
    site.middleware.app = app
    return site


@pytest.fixture
def guarded(understudy: Understudy) -> Guarded:
    return lambda app, **options: Site(app, understudy, **options)

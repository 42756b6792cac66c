"""Flask apps behind the extension, and the browser of an agent who uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import pytest
from flask import Flask

from tests.fixtures.flask_browser import AgentsBrowser
from understudy.contrib.flask import Understudy
from understudy.sdk.understudy import Understudy as Link


class Guarded(Protocol):
    """Puts an app under the extension, and gives a browser that visits it."""

    def __call__(self, app: Flask, **options: Any) -> AgentsBrowser: ...


@pytest.fixture
def guarded(understudy: Link) -> Guarded:
    def make(app: Flask, **options: Any) -> AgentsBrowser:
        Understudy(app, understudy=understudy, **options)
        return AgentsBrowser(app.test_client())

    return make


@pytest.fixture
def new_app() -> Callable[[], Flask]:
    """Apps with a key of their own, in which what fails is the server's to tell."""

    def make() -> Flask:
        app = Flask("shop", static_folder=None)
        app.config.update(SECRET_KEY="a key of the app's", PROPAGATE_EXCEPTIONS=False)
        return app

    return make

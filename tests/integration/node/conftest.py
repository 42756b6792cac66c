"""One service for all of these apps, and each of them started once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.visitor import Visitor
from tests.fixtures.served import running
from tests.integration.node.desk import NodeApp, build_next, hire, node_app

COMMANDS = {
    "express 5": ("express.mjs", "express"),
    "express 4": ("express.mjs", "express4", "cookie-session"),
    "fastify": ("fastify.mjs",),
    "hono": ("hono.mjs",),
    "next": ("next/server.mjs",),
}


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The service's folder and address."""
    folder = tmp_path_factory.mktemp("desk")
    with running(folder) as service:
        hire(folder)
        yield folder, service.base


@pytest.fixture(scope="package")
def express(desk: tuple[Path, str]) -> Iterator[NodeApp]:
    """The app on Express, with everything that it has."""
    with node_app(*desk, *COMMANDS["express 5"]) as found:
        yield found


@pytest.fixture(scope="package", params=COMMANDS)
def app(desk: tuple[Path, str], request: pytest.FixtureRequest) -> Iterator[NodeApp]:
    """One of them after the other."""
    if request.param == "next":
        build_next()
    with node_app(*desk, *COMMANDS[request.param]) as found:
        yield found


@pytest.fixture(scope="package")
def worker(app: NodeApp) -> Visitor:
    """Somebody of support who works as Ada; for tests that leave them there."""
    return app.impersonating()


@pytest.fixture(scope="package")
def sam(express: NodeApp) -> Visitor:
    """Somebody of support who works as Ada; for tests that leave them there."""
    return express.impersonating()

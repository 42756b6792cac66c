"""One service for all of these apps, and each of them started once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.visitor import Visitor
from tests.fixtures.served import running
from tests.integration.node.desk import NodeApp, hire, node_app

COMMANDS = {
    "express 5": ("express.mjs", "express"),
    "express 4": ("express.mjs", "express4"),
    "fastify": ("fastify.mjs",),
    "hono": ("hono.mjs",),
}


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The service's folder and address."""
    folder = tmp_path_factory.mktemp("desk")
    with running(folder) as service:
        hire(folder)
        yield folder, service.base


@pytest.fixture(scope="package", params=["express", "express4"])
def express(desk: tuple[Path, str], request: pytest.FixtureRequest) -> Iterator[NodeApp]:
    with node_app(*desk, "express.mjs", request.param) as found:
        yield found


@pytest.fixture(scope="package", params=["express 5", "express 4", "fastify", "hono"])
def app(desk: tuple[Path, str], request: pytest.FixtureRequest) -> Iterator[NodeApp]:
    """One of them after the other."""
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

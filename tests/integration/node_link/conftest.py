"""One service and one app on Node for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.node_link.desk import Desk
from tests.integration.node_link.desk import desk as made_desk
from tests.integration.node_link.node_app import NodeApp


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The service."""
    with made_desk(tmp_path_factory.mktemp("node")) as found:
        yield found


@pytest.fixture(scope="module")
def app(desk: Desk) -> Iterator[NodeApp]:
    """The app."""
    with desk.app() as found:
        yield found

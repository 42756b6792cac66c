"""An app's gateway to a service, by a network that a test has made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from tests.contract.rules.world import World
from tests.fixtures import asgi_server
from understudy.config import Settings
from understudy.sdk.remote import RemoteGateway
from understudy.sdk.secret import Secret
from understudy.service.app import create_app
from understudy.storage.database.databases import open_database


@contextmanager
def remote_gateway(
    made: World,
    folder: Path,
    transport: Callable[[], httpx.BaseTransport],
    *,
    port: int | None = None,
) -> Iterator[RemoteGateway]:
    """To the installation ``made`` in ``folder``, which is served while the block lasts."""
    database = open_database(f"sqlite:///{folder / 'understudy.db'}")
    service = create_app(made.engine, database, Settings(rate_multiplier=0))
    with asgi_server.served(service, port) as served_at:
        gateway = RemoteGateway(
            f"http://127.0.0.1:{served_at}",
            made.application.id,
            Secret(made.secret),
            transport=transport,
        )
        with closing(gateway):
            yield gateway

"""``python -m examples.fastapi_react``: one process, with app and dashboard, until Ctrl-C."""

from __future__ import annotations

import secrets
import signal
from contextlib import suppress
from socket import socket

import uvicorn

from examples.arguments import arguments
from examples.fastapi_react.app import create_app
from examples.fastapi_react.records import PASSWORD
from examples.service import require_free


class _Server(uvicorn.Server):
    """Says where it is once somebody can come."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        site = f"http://localhost:{self.config.port}"
        print(f"Tally       {site}   kim@tally.example / {PASSWORD}")
        print(f"Understudy  {site}/understudy   by the same sign-in", flush=True)


def main() -> None:
    """Start it, and say where it is."""
    asked = arguments("fastapi_react", __doc__, alone=True).parse_args()
    require_free(asked.app_port)
    site = f"http://localhost:{asked.app_port}"
    app = create_app(site=site, data_dir=asked.data_dir, secret_key=secrets.token_hex())
    config = uvicorn.Config(app, port=asked.app_port, log_level="warning")
    # The server stops in good order, and then passes on what stopped it: that is no failure.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    with suppress(KeyboardInterrupt):
        _Server(config).run()


if __name__ == "__main__":
    main()

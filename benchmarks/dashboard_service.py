"""The service with another build of the dashboard.

python -m benchmarks.dashboard_service PORT DATA_DIR FOLDER
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from understudy.config import Settings
from understudy.service.app import create_app
from understudy.service.opening import open_both
from understudy.service.server import Server, listen


def main(port: str, data_dir: str, folder: str) -> None:
    """Serve until a signal says to stop, without rate limits."""
    settings = Settings(port=int(port), data_dir=Path(data_dir), rate_multiplier=0.0)
    engine, database = open_both(settings)
    with closing(engine), listen(settings.host, settings.port) as listening:
        app = create_app(engine, database, settings, folder=Path(folder))
        Server(app).run(sockets=[listening])


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What an example can be told as it is started."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(name: str, about: str | None, *, alone: bool = False) -> argparse.ArgumentParser:
    """``--app-port``, ``--data-dir``, and the service's ``--port`` unless the example is alone."""
    parser = argparse.ArgumentParser(prog=f"python -m examples.{name}", description=about)
    if not alone:
        parser.add_argument("--port", type=int, default=8700, help="of the service")
    parser.add_argument("--app-port", type=int, default=8701, help="of the app")
    data_dir = Path(f"{name.replace('_', '-')}-data")
    parser.add_argument("--data-dir", type=Path, default=data_dir)
    return parser

"""The Node program of an example, beside the service that it asks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def node_app(script: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """The running program, once it has said that it is ready; it stops with the block.

    :raises SystemExit: there is no Node, or the program does not start.
    """
    process = subprocess.Popen(  # noqa: S603  (our own words)
        [_node(), str(script)], env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise SystemExit("The app does not start: what is wrong stands above.")
        yield
    finally:
        process.terminate()
        process.communicate()


def _node() -> str:
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which("node", path=places)
    if found is None:
        raise SystemExit("There is no Node here: `make packages` brings one.")
    # What stands on PATH may only start the real one, and would not pass a signal on.
    asked = [found, "-p", "process.execPath"]
    return subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()  # noqa: S603

"""The dashboard as it was, built once more from the history of this very repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.builds import BEFORE, checked_out
from scripts.assets import usable_node

_OUTPUT = "src/understudy/service/static"
_COMMANDS = (["npm", "ci"], ["npm", "run", "build", "--workspace", "dashboard"])


@contextmanager
def built() -> Iterator[Path | None]:
    """The folder with that build while the block runs; None where it cannot be made.

    :raises CalledProcessError: when packages cannot be fetched, or the build fails.
    """
    if not usable_node():
        yield None
        return
    with checked_out(BEFORE) as tree:
        if tree is None:
            yield None
            return
        for command in _COMMANDS:
            _run(command, cwd=tree)
        yield tree / _OUTPUT


def _run(command: list[str], *, cwd: Path) -> None:
    environment = {**os.environ, "NO_COLOR": "1"}
    subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=True)

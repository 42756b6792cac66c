"""The dashboard as it was, built once more from the history of this very repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.servers import ROOT
from scripts.assets import usable_node

COMMIT = "95e5add"
"""The last one whose dashboard came in some seventy small files."""
_OUTPUT = "src/understudy/service/static"


@contextmanager
def built() -> Iterator[Path | None]:
    """The folder with that build while the block runs; None where it cannot be made.

    :raises CalledProcessError: when packages cannot be fetched, or the build fails.
    """
    if not (_has_history() and usable_node()):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="dashboard-benchmark-") as folder:
        _extract(Path(folder))
        for command in (["ci"], ["run", "build", "--workspace", "dashboard"]):
            _run(["npm", *command], cwd=folder)
        yield Path(folder) / _OUTPUT


def _has_history() -> bool:
    """False in an archive of the sources, and in a clone that goes back less far."""
    git = shutil.which("git")
    if git is None:
        return False
    asked = [git, "cat-file", "-e", f"{COMMIT}^{{commit}}"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode == 0


def _extract(folder: Path) -> None:
    archive = folder / "sources.tar"
    _run(["git", "archive", "--output", str(archive), COMMIT], cwd=ROOT)
    with tarfile.open(archive) as sources:
        sources.extractall(folder, filter="data")


def _run(command: list[str], *, cwd: str | Path) -> None:
    environment = {**os.environ, "NO_COLOR": "1"}
    subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=True)

"""What npm would publish, and a project of somebody else's into which it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.fixtures.node import node

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 120
_PEERS = (
    "react",
    "react-dom",
    "scheduler",
    "@types/react",
    "csstype",
    "@types/node",
    "undici-types",
)
"""What the packages stand on, as it was installed for our own tests: nothing is fetched."""


def published() -> Mapping[str, Path]:
    """The folders of the packages that anybody may install, by name."""
    found: dict[str, Path] = {}
    for path in sorted(ROOT.glob("packages/*/package.json")):
        said = json.loads(path.read_text())
        if not said.get("private", False):
            found[said["name"]] = path.parent
    return found


def manifest(name: str) -> Mapping[str, Any]:
    """What the ``package.json`` of a published package says."""
    said: Mapping[str, Any] = json.loads((published()[name] / "package.json").read_text())
    return said


def run(*command: str, cwd: Path) -> str:
    """What a command prints.

    :raises AssertionError: with what it said, when it failed.
    """
    place = f"{Path(node()).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": place, "NO_COLOR": "1", "CI": "1"}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def tool(name: str) -> str:
    """A program that npm has installed for us."""
    found = ROOT / "node_modules/.bin" / name
    assert found.exists(), f"{name} is not there: `make test` installs it"
    return str(found)


def pack(folder: Path) -> Mapping[str, Path]:
    """The archives of all packages, and of what they stand on, by name."""
    peers = {name: ROOT / "node_modules" / name for name in _PEERS}
    wanted: dict[str, Path] = {**published(), **peers}
    into = ("--pack-destination", str(folder))
    told: Any = json.loads(
        run(*_npm(), "pack", "--json", *into, *map(str, wanted.values()), cwd=folder)
    )
    return {one["name"]: folder / _filename(one["name"], one["version"]) for one in told}


def install(archives: Sequence[Path], project: Path) -> None:
    """Install archives into an empty project, without a registry."""
    (project / "package.json").write_text('{"name": "theirs", "type": "module", "private": true}')
    run(*_npm(), "install", "--offline", "--no-audit", *map(str, archives), cwd=project)


def _npm() -> Sequence[str]:
    # A wheel has it beside its Node, where no link of PATH leads.
    beside = Path(node()).parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    if beside.exists():
        return node(), str(beside)
    found = shutil.which("npm")
    assert found is not None, "no npm: `make test` installs one"
    return (found,)


def _filename(name: str, version: str) -> str:
    return f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz"

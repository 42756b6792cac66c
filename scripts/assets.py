"""Builds what browsers load, the dashboard and the scripts of pages, and checks their TypeScript.

`python -m scripts.assets VERB` with one of
    fresh       exit 0 when what the Python package carries belongs to the present sources
    complete    exit 0 when everything built does, packages for npm and examples included
    node        exit 0 when a Node new enough, with its npm, is on PATH
    build       build what the Python package carries, if it is not fresh
    everything  build all of it, if it is not complete
    check       types, style and tests
    format      rewrite in house style

Only the standard library is used, because the build hook runs this in an empty environment.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

# What vite, vitest and jsdom accept: the oldest release of each long-supported line, and all lines
# from 26 on. It is said again under "engines" in package.json.
OLDEST_RELEASE = {22: (22, 2), 24: (15, 0)}
FIRST_OPEN_LINE = 26
ROOT = Path(__file__).resolve().parents[1]
OUTPUTS = (
    ROOT / "src/understudy/service/static",
    ROOT / "src/understudy/sdk/static",
)
CARRIED = ("dashboard", "packages/banner", "packages/page")
"""The workspaces that these are built of: nobody who only runs Understudy waits for the others."""
SOURCES = (
    "package.json",
    "package-lock.json",
    "tsconfig.base.json",
    "dashboard",
    "packages",
    "examples/react_front",
)
NOT_SOURCES = frozenset({"node_modules", "dist", "coverage", ".vite", "tests", "test"})
# Each output carries the digest of the sources that it was built from. Times would not do: archives
# and checkouts change them.
STAMP = ".sources"


class NodeMissing(SystemExit):
    """There is no Node that can build the dashboard."""

    def __init__(self) -> None:
        super().__init__("Node 22.22, 24.15 or 26, with npm, is needed on PATH (`make` gets one).")


def usable_node() -> bool:
    """Whether PATH leads to npm and to a Node that is new enough."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.(\d+)\.(\d+)", answer.stdout)
    if found is None:
        return False
    line, *release = map(int, found.groups())
    oldest = OLDEST_RELEASE.get(line)
    return line >= FIRST_OPEN_LINE or (oldest is not None and tuple(release) >= oldest)


def fresh() -> bool:
    """Whether what the Python package carries exists, built from the sources as they are now."""
    return _are_fresh(OUTPUTS)


def complete() -> bool:
    """The same of all outputs: packages for npm are in no archive of Python's."""
    return _are_fresh((*OUTPUTS, *published()))


def published() -> list[Path]:
    """Where the packages for npm are built, and the pages of the examples."""
    packages = (path.parent for path in ROOT.glob("packages/*/tsconfig.build.json"))
    return [folder / "dist" for folder in (*packages, *_pages())]


def _pages() -> Iterator[Path]:
    """The examples whose pages are built."""
    return (path.parent for path in ROOT.glob("examples/*/vite.config.ts"))


def build() -> None:
    """Build what the Python package carries, unless it belongs to these sources."""
    if not fresh():
        _build(OUTPUTS, CARRIED)


def everything() -> None:
    """Build all of it, unless all outputs belong to these sources."""
    if not complete():
        _build((*OUTPUTS, *published()))


def _build(outputs: Iterable[Path], workspaces: Sequence[str] = ()) -> None:
    digest = _digest()
    _install(workspaces)
    _npm("run", "build", "--if-present", *(_only(workspaces) or ["--workspaces"]))
    for output in outputs:
        (output / STAMP).write_text(digest)


def _are_fresh(outputs: Iterable[Path]) -> bool:
    stamps = [output / STAMP for output in outputs]
    if not all(stamp.exists() for stamp in stamps):
        return False
    digest = _digest()
    return all(stamp.read_text() == digest for stamp in stamps)


def check() -> None:
    """Check types and style, look for what nobody uses, run the tests of every package."""
    _install()
    _npm("run", "check")
    _npm("run", "check", "--workspaces", "--if-present")
    _npm("run", "test", "--workspaces", "--if-present")


def reformat() -> None:
    """Rewrite the TypeScript in house style."""
    _install()
    _npm("run", "format")


def _install(workspaces: Sequence[str] = ()) -> None:
    """Install exactly what the lock file says, for all or some, unless that was done."""
    if not usable_node():
        raise NodeMissing
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    mark = ROOT / "node_modules/.installed"
    installed = mark.read_text() if mark.exists() else ""
    wanted = f"{lock} {' '.join(workspaces)}"
    # What was installed for all serves some.
    if installed in (wanted, f"{lock} "):
        return
    _npm("ci", *_only(workspaces))
    mark.write_text(wanted)


def _only(workspaces: Iterable[str]) -> list[str]:
    return [f"--workspace={name}" for name in workspaces]


def _npm(*arguments: str) -> None:
    print("==", "npm", *arguments, flush=True)
    # Some of these tools colour even a file.
    environment = os.environ if sys.stdout.isatty() else {**os.environ, "NO_COLOR": "1"}
    process = subprocess.run(["npm", *arguments], cwd=ROOT, env=environment, check=False)
    if process.returncode != 0:
        raise SystemExit(process.returncode)


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(_source_files()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    for name in SOURCES:
        start = ROOT / name
        if start.is_file():
            yield start
        for path in start.rglob("*"):
            parts = path.relative_to(start).parts
            if not NOT_SOURCES & set(parts) and path.is_file() and ".test." not in path.name:
                yield path


def main() -> None:
    """Do what the first argument names."""
    verbs: dict[str, Callable[[], object]] = {
        "fresh": lambda: sys.exit(not fresh()),
        "complete": lambda: sys.exit(not complete()),
        "node": lambda: sys.exit(not usable_node()),
        "build": build,
        "everything": everything,
        "check": check,
        "format": reformat,
    }
    verbs[sys.argv[1]]()


if __name__ == "__main__":
    main()

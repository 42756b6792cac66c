"""What Understudy takes before it does anything: time to import the SDK, memory of a service."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from benchmarks.installation import installed
from benchmarks.rounds import Round, interleaved, medians
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale

NAMES = ("import", "idle-memory")
IMPORT_BAR_MILLISECONDS = 80.0
MEMORY_BAR_MEGABYTES = 90.0
_OURS = ("understudy", "understudy.contrib.asgi")
_PEERS = ("clerk_backend_api", "stytch")


def rows(scale: Scale) -> Iterator[Row]:
    """The import of the SDK with the ASGI adapter; a service that nobody has called yet."""
    found = medians(interleaved(scale.rounds, _imports(scale)))
    yield Row(
        name="import",
        what=f"import {', '.join(_OURS)}",
        unit="ms",
        value=found["ours"],
        at_most=IMPORT_BAR_MILLISECONDS,
        peers=tuple(Peer(name=f"import {name}", value=found.get(name)) for name in _PEERS),
    )
    yield Row(
        name="idle-memory",
        what="a service that does nothing, resident memory",
        unit="MB",
        value=_idle_megabytes(scale),
        at_most=MEMORY_BAR_MEGABYTES,
    )


def _imports(scale: Scale) -> Mapping[str, Round]:
    found: dict[str, Round] = {"ours": lambda: _import_milliseconds(_OURS)}
    if scale.peers:
        for name in filter(find_spec, _PEERS):
            found[name] = partial(_import_milliseconds, (name,))
    return found


def _import_milliseconds(names: Sequence[str]) -> float:
    """In a new interpreter, whose files the machine has at hand; as ``-X importtime`` counts it."""
    command = [sys.executable, "-X", "importtime", "-c", f"import {', '.join(names)}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    top = re.findall(r"^import time:\s*\d+ \|\s*(\d+) \| (\S+)$", told, re.MULTILINE)
    return sum(int(microseconds) for microseconds, name in top if name in names) / 1000


def _idle_megabytes(scale: Scale) -> float:
    with installed(users=1) as installation, installation.service() as service:
        time.sleep(scale.settle_seconds)
        return resident_kilobytes(service.pid) / 1024


def resident_kilobytes(pid: int) -> int:
    """The memory of a process that is in the machine's own."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        found = re.search(r"^VmRSS:\s+(\d+) kB$", status.read_text(), re.MULTILINE)
        if found is not None:
            return int(found[1])
    asked = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)

"""`understudy serve` in a process of its own: started, spoken to, stopped and killed."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.fixtures.ports import free_port
from tests.integration.proof.place import Place

HOST = "127.0.0.1"
SECONDS = 60.0
"""No wait comes near it: a machine that does other things as well is no bug."""
STARTS = 3
"""Between asking for a free port and taking it, another program may be faster."""


_SERVE = [sys.executable, "-m", "understudy", "serve"]


class Service:
    """One node on ``place``; ``data_dir`` is its own where several share a database."""

    def __init__(
        self, place: Place, *, data_dir: Path | None = None, **environment: str | None
    ) -> None:
        self.place = place
        self._data_dir = data_dir or place.data_dir
        self.log = place.folder / f"{self._data_dir.name}.log"
        self._environment = environment_of(place, self._data_dir, environment)
        self.port = free_port()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, and return once it accepts connections."""
        for _ in range(STARTS):
            if self._announced():
                return
            self.kill()
            if "listens on port" not in self.log.read_text():
                break
            self.port = free_port()
        raise AssertionError(f"the service did not start\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """End it as a power cut would: it writes nothing more. Nothing to do when it has ended."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate(timeout=SECONDS)

    def stop(self) -> None:
        """End it in order."""
        process, self._process = self._process, None
        assert process is not None
        process.terminate()
        process.communicate(timeout=SECONDS)
        assert process.returncode == 0, self.log.read_text()[-3000:]

    def backend(self) -> httpx.Client:
        """An HTTP client that speaks as the application."""
        auth = (self.place.application_id, self.place.secret)
        return httpx.Client(base_url=f"{self.url}/api/v1", auth=auth, timeout=SECONDS)

    def _announced(self) -> bool:
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [*_SERVE, "--port", str(self.port), "--public-url", self.url],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], SECONDS)
        return bool(ready) and self._process.stdout.readline().startswith("Understudy is at")


def environment_of(
    place: Place, data_dir: Path, more: Mapping[str, str | None] | None = None
) -> dict[str, str]:
    """The environment of this process, with settings of ours alone."""
    ours: dict[str, str | None] = {
        "UNDERSTUDY_DATABASE_URL": place.database_url,
        "UNDERSTUDY_DATA_DIR": str(data_dir),
        "UNDERSTUDY_RATE_MULTIPLIER": "0",
        "UNDERSTUDY_LOG_LEVEL": "warning",
        **(more or {}),
    }
    kept = {name: value for name, value in os.environ.items() if "UNDERSTUDY" not in name}
    return kept | {name: value for name, value in ours.items() if value is not None}


def command(
    place: Place,
    *words: str,
    data_dir: Path | None = None,
    environment: Mapping[str, str | None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a verb of the command line on ``place``, beside whoever else is at work."""
    return subprocess.run(
        [sys.executable, "-m", "understudy", *words],
        env=environment_of(place, data_dir or place.data_dir, environment),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def verified(
    place: Place,
    *words: str,
    data_dir: Path | None = None,
    environment: Mapping[str, str | None] | None = None,
) -> dict[str, Any]:
    """What ``understudy audit verify`` says of the log; its exit status agrees."""
    ran = command(
        place, "audit", "verify", "--json", *words, data_dir=data_dir, environment=environment
    )
    assert ran.stdout, ran.stderr
    report: dict[str, Any] = json.loads(ran.stdout)
    assert ran.returncode == (0 if report["ok"] else 1), ran.stderr
    return report

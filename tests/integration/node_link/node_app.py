"""An app's process on Node, that does what it is told: `packages/node/tests/service/app.ts`."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.fixtures.node import node

PROGRAM = Path(__file__).parents[3] / "packages" / "node" / "tests" / "service" / "app.ts"
SECONDS = 30.0


class NodeApp:
    """One process; ``options`` are those of ``Understudy.remote``."""

    def __init__(self, **options: str) -> None:
        self._ids = count(1)
        self._waiting: dict[int, Future[dict[str, Any]]] = {}
        self._process = subprocess.Popen(
            [*self.command(), json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NODE_ENV": "production"},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @staticmethod
    def command() -> list[str]:
        """What is run, but for the options."""
        return [node(), "--no-warnings", str(PROGRAM)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def order(self, deed: str, **facts: object) -> Future[dict[str, Any]]:
        """Have something done; what comes of it, once it is."""
        number = next(self._ids)
        done: Future[dict[str, Any]] = Future()
        self._waiting[number] = done
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "do": deed, **facts}) + "\n")
        self._process.stdin.flush()
        return done

    def do(self, deed: str, **facts: object) -> dict[str, Any]:
        """What came of something that was done."""
        return self.order(deed, **facts).result(SECONDS)

    def leave(self) -> int:
        """Close its input, as nothing more will come: it ends by itself, as any program does."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._process.wait(SECONDS)

    def terminate(self) -> int:
        """Ask it to stop, as a supervisor does; how it ended."""
        self._process.terminate()
        return self._process.wait(SECONDS)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait(SECONDS)
        self._reader.join(SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            came = json.loads(line)
            self._waiting.pop(came.pop("id")).set_result(came)

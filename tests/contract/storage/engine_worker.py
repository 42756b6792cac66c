"""A process that records events until it is told, or made, to stop.

``python -m tests.contract.storage.engine_worker URL DIRECTORY NAME COUNT`` prints the index of each
answered flow on a line of its own; without end when COUNT is 0.
"""

from __future__ import annotations

import sys
from collections import deque
from concurrent.futures import Future
from itertools import count
from pathlib import Path

from tests.contract.storage.engines import engine_on, marks

IN_FLIGHT = 16


def main(url: str, directory: str, name: str, total: str) -> None:
    """Keep some flows in flight, and tell of each one that was answered."""
    numbers = range(int(total)) if int(total) else count()
    with engine_on(url, Path(directory)) as engine:
        waiting: deque[tuple[str, Future[int]]] = deque()
        for number in numbers:
            word = f"{name}-{number}"
            waiting.append((word, engine.submit(marks(word))))
            if len(waiting) == IN_FLIGHT:
                tell(*waiting.popleft())
        for word, future in waiting:
            tell(word, future)


def tell(word: str, future: Future[int]) -> None:
    """One line for one answer, out of the process before the next is awaited."""
    sys.stdout.write(f"{word} {future.result()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

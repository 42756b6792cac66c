"""Whoever uses one queue does not load another."""

from __future__ import annotations

import subprocess
import sys

import pytest

QUEUES = {"arq", "celery", "dramatiq", "huey", "rq"}
LOADED = """
import importlib, sys
importlib.import_module(sys.argv[1])
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.parametrize("queue", sorted(QUEUES))
def test_a_queue_s_module_loads_its_own_library_alone(queue: str) -> None:
    module = f"understudy.contrib.jobs.{queue}"
    done = subprocess.run(
        [sys.executable, "-c", LOADED, module], capture_output=True, text=True, check=True
    )
    assert QUEUES & set(done.stdout.split()) == {queue}

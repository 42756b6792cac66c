from __future__ import annotations

import os
import time

import pytest

from benchmarks.processor import from_ps, processor_seconds


def test_the_clock_of_a_process_is_its_own() -> None:
    before = time.process_time()
    found = processor_seconds(os.getpid())
    assert before <= found + 1
    assert found <= time.process_time() + 1


@pytest.mark.parametrize(
    ("text", "expected"), [("0:01.25", 1.25), (" 00:02:03\n", 123.0), ("1:00:00", 3600.0)]
)
def test_what_ps_tells_is_read(text: str, expected: float) -> None:
    assert from_ps(text) == expected

from __future__ import annotations

from scripts import wording
from scripts.generated import stale


def test_the_dashboard_says_what_the_code_says() -> None:
    assert stale(wording.files()) == [], f"run: {wording.COMMAND}"

from __future__ import annotations

from pathlib import Path

from tests.contract.rules.world import world
from understudy.core.ports import Unit


def test_a_fact_is_replaced_by_name_and_others_stay(tmp_path: Path) -> None:
    def put(unit: Unit) -> list[str | None]:
        for name, value in (("one", "1"), ("two", "2"), ("one", "3")):
            unit.meta.put(name, value)
        return [unit.meta.get(name) for name in ("one", "two", "three")]

    with world(f"sqlite:///{tmp_path / 'understudy.db'}", tmp_path) as made:
        assert made.run(put) == ["3", "2", None]

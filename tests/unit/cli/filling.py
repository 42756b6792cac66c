"""A release with a migration that has something left to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from understudy import errors
from understudy.storage.database.migrations import Fill, Migration, Port, load
from understudy.storage.database.sources import Sources


def with_filling(monkeypatch: pytest.MonkeyPatch, *, slices: list[int]) -> None:
    """A release with a back-fill that does so many rows in each slice; -1 breaks off."""

    def fill(port: Port) -> int:
        rows = slices.pop(0)
        if rows < 0:
            raise errors.Unavailable
        return rows

    step = Migration(
        number=len(load()) + 1,
        name="fills",
        compatible_from=2,
        expand=lambda port: None,
        online=(Fill(slice=fill),),
    )
    newer = replace(Sources.of(), migrations=(*load(), step))
    monkeypatch.setattr(Sources, "of", lambda: newer)

"""The clock that an embedded installation goes by, to be put ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from understudy.embedded import process
from understudy.service.opening import open_to_serve


@dataclass
class Clock:
    """A clock that is ahead of the machine's by what a test says."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def given(patch: pytest.MonkeyPatch) -> Clock:
    """By which every installation goes that is opened from now on."""
    clock = Clock()
    patch.setattr(process, "open_to_serve", partial(open_to_serve, clock=clock))
    return clock

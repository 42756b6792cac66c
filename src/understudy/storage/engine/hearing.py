"""What decision points have said, brought along into a unit or a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from understudy.core.governance.decision_points import Opinions
from understudy.storage.tables.reader import StoreTables

T = TypeVar("T")
R = TypeVar("R")


def hearing(look_up: Callable[[R], T], opinions: Opinions) -> Callable[[R], T]:
    """``look_up``, knowing ``opinions``."""

    def informed(reader: R) -> T:
        return look_up(cast(R, cast(StoreTables, reader).hearing(opinions)))

    return informed

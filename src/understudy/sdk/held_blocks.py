"""The list of blocked actions that was sent last, so that it is not sent and read each time.

With a deny profile it has some 45 KB, which is nearly all of an answer about a session.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from understudy.core.impersonation.restrictions import BlockedAction
from understudy.sdk.keeping import HOLDS


class HeldBlocks(NamedTuple):
    """A list and the digest by which the service calls it."""

    digest: str
    actions: tuple[BlockedAction, ...]

    @property
    def header(self) -> Mapping[str, str]:
        """By which the service is told."""
        return {HOLDS: self.digest}

"""One window on any list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Page:
    """A window on a list: at most ``limit`` rows after ``after`` (a row's sort key, or None)."""

    limit: int = 50
    after: tuple[str, ...] | None = None


FIRST_PAGE = Page()

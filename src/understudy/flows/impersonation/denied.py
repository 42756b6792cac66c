"""A refusal as a value: the entry about it is already part of the unit."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.rules.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Denied:
    """A rule said no, and the log says so. The caller turns it into its own protocol's answer."""

    rule: Rule

    def __bool__(self) -> bool:
        return False

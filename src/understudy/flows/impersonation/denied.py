"""A refusal as a value: the entry about it is already part of the unit."""

from __future__ import annotations

from dataclasses import dataclass, field

from understudy.core.rules.rule import Rule
from understudy.core.text import TextFault


@dataclass(frozen=True, kw_only=True)
class Denied:
    """A rule said no, and the log says so. The caller turns it into its own protocol's answer.

    ``fault`` is the character that is no text, where that was why.
    """

    rule: Rule
    fault: TextFault | None = field(default=None, compare=False)

    def __bool__(self) -> bool:
        return False

    @property
    def explanation(self) -> str:
        """What is wrong, which character it is if it is one, and what can be done about it."""
        return self.rule.explained(self.fault)

"""A refusal as a value: the entry about it is already part of the unit."""

from __future__ import annotations

from dataclasses import dataclass, field

from understudy.core.rules.rule import Rule
from understudy.core.text import TextFault


@dataclass(frozen=True, kw_only=True)
class Denied:
    """A rule said no, and the log says so. The caller turns it into its own protocol's answer.

    ``rule`` is what the refusal looks like (``Rule.shown_as``). ``fault`` is the character that is
    no text, where that was why.
    """

    rule: Rule
    fault: TextFault | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Hide what nobody who was refused shall know, whatever door it goes out by."""
        if self.rule.shown_as is not None:
            object.__setattr__(self, "rule", self.rule.shown_as)

    def __bool__(self) -> bool:
        return False

    @property
    def explanation(self) -> str:
        """What is wrong, which character it is if it is one, and what can be done about it."""
        return self.rule.explained(self.fault)

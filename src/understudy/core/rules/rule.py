"""A rule: everything that is to be known of it, in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from understudy.core.impersonation.sessions import EndCause
from understudy.core.rules.question import Question
from understudy.core.text import TextFault

Check = Callable[[Question], bool]


class Lifter(StrEnum):
    """Who can do something about a refusal."""

    ASKER = "asker"
    ADMIN = "admin"
    APPLICATION = "application"
    NOBODY = "nobody"


_LIFT = {
    Lifter.ASKER: "Whoever asks can mend this.",
    Lifter.ADMIN: "An admin can change this in the application's settings.",
    Lifter.APPLICATION: "The application's own backend decides this; ask the team that runs it.",
    Lifter.NOBODY: "Nobody can lift this.",
}


def asked_elsewhere(question: Question) -> bool:
    """The check of rules that need more than a question: a flow applies them itself."""
    return False


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """One reason to say no. There is one object for each rule, and two are never equal.

    NOTE: ``code`` is frozen once released: the wire, the log and callers carry it. ``text`` says
    what is wrong, to whoever was refused; ``lift`` what can be done, by ``lifted_by``.

    ``concealed`` rules look alike to those who may not read the directory (DESIGN rule 9).
    One that is ``shown_as`` another looks like it to everybody who was refused, and the log alone
    tells which it was.
    ``end_cause`` makes the rule a premise: it is asked again while a session lives, and ends it.
    ``refuses`` is asked by itself, in any order: it takes nothing for granted that another rule
    of the chain has found.
    """

    code: str
    text: str = field(repr=False)
    lifted_by: Lifter = field(repr=False)
    lift: str = field(default="", repr=False)
    concealed: bool = field(default=False, repr=False)
    end_cause: EndCause | None = field(default=None, repr=False)
    refuses: Check = field(default=asked_elsewhere, repr=False)
    shown_as: Rule | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Let the way out be the one of whoever can lift it, unless the rule has its own."""
        if not self.lift:
            object.__setattr__(self, "lift", _LIFT[self.lifted_by])

    @property
    def explanation(self) -> str:
        """What is wrong, and what can be done about it."""
        return self.explained(None)

    def explained(self, fault: TextFault | None) -> str:
        """The explanation, with the character that is no text where that was why."""
        which = "" if fault is None else f" It is {fault}."
        return f"{self.text}{which} {self.lift}"

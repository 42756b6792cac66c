"""What an admin decides to hide from whoever works as a user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RuleKind(StrEnum):
    """By what a rule finds a value."""

    FIELD = "field"
    PATH = "path"
    DETECTOR = "detector"


class Deed(StrEnum):
    """What becomes of a value that is found."""

    MASK = "mask"
    DROP = "drop"


@dataclass(frozen=True, kw_only=True)
class RedactionRule:
    """One kind of value to hide.

    ``match`` is a field's name, in which ``*`` stands for any letters; or a path of names with dots
    between them, in which ``*`` stands for one name or place in a list and ``**`` for any number;
    or the name of a detector. A mask shows that there is something, dropped is what looks empty.
    What is ``revealable`` may be shown for a while in a session whose actor says why.
    """

    kind: RuleKind
    match: str
    deed: Deed = Deed.MASK
    revealable: bool = False
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Redaction:
    """What of an application's answers is hidden in sessions.

    ``secrets`` hides secrets and tokens, by the names of their fields and by how known ones begin,
    wherever a guard can. ``rules`` are a promise: a guard that cannot keep them serves no session.
    ``open_routes`` are patterns of paths, as blocked actions have them, whose answers go out even
    where they cannot be read, such as a PDF.
    """

    secrets: bool = False
    rules: tuple[RedactionRule, ...] = ()
    open_routes: tuple[str, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def hides(self) -> bool:
        """Whether anything is hidden at all."""
        return self.secrets or bool(self.rules)


def told(redaction: Redaction) -> Iterator[str]:
    """Each decision in words, as an entry has them."""
    if redaction.secrets:
        yield "mask secrets"
    for rule in redaction.rules:
        may_be = " (may be revealed)" if rule.revealable else ""
        yield f"{rule.deed} {rule.kind} {rule.match}{may_be}"
    for pattern in redaction.open_routes:
        yield f"open {pattern}"


NOTHING_HIDDEN = Redaction()
"""As it was before anything could be hidden."""

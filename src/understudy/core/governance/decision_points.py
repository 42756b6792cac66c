"""A decision point of somebody else's: how an application's is reached, and what it says.

Whoever decides asks nobody: what was said comes along with the reader, as a value. Where a decision
hangs on what nobody has asked for yet, it is broken off (`Unasked`); whoever catches that asks,
outside of every transaction, and has it decided anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from understudy.core.governance.policies import PolicyQuestion
from understudy.core.impersonation.grants import Grant
from understudy.errors import Signal

LEAST_MS, MOST_MS = 50, 5_000
"""How long an answer may be waited for: somebody sits before the screen meanwhile."""
NO_TIME = datetime.min.replace(tzinfo=UTC)
"""When it is asked says the clock of whoever answers."""


@dataclass(frozen=True, kw_only=True)
class DecisionPoint:
    """Where it is asked, and for how long.

    ``credential`` is what it knows us by, encrypted. ``unknown`` is what a newer version stored.
    """

    url: str
    timeout_ms: int = 1_000
    credential: str | None = field(default=None, repr=False)
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """What is asked of which decision point; what is asked alike is one."""

    application_id: str
    point: DecisionPoint
    question: PolicyQuestion


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What it said. Whatever is no plain yes is a no.

    ``reason`` is its own text, cut and cleaned: data, and never ours. ``fault`` says, in our words,
    why there was no answer.
    """

    permitted: bool
    reason: str | None = None
    fault: str | None = None


Opinions = Mapping[Inquiry, Opinion]
"""What was said so far to one caller."""

NOTHING_SAID: Opinions = MappingProxyType({})


class Unasked(Signal):
    """A decision hangs on what a decision point says to an inquiry that nobody has made."""

    def __init__(self, inquiry: Inquiry) -> None:
        super().__init__(inquiry.application_id)
        self.inquiry = inquiry


@dataclass(frozen=True, kw_only=True, slots=True)
class Outside:
    """The decision point to be asked, what was said so far, and about what was granted, if it was.

    ``address`` is where the actor is, as far as it is known.
    """

    application_id: str
    point: DecisionPoint
    opinions: Opinions = field(repr=False)
    address: str | None = None
    grant: Grant | None = None
    now: datetime = NO_TIME

    def opinion(self, question: PolicyQuestion) -> Opinion:
        """What it says to ``question``.

        :raises Unasked: nobody has asked it yet.
        """
        inquiry = Inquiry(application_id=self.application_id, point=self.point, question=question)
        found = self.opinions.get(inquiry)
        if found is None:
            raise Unasked(inquiry)
        return found


def point_within_bounds(point: DecisionPoint | None) -> DecisionPoint | None:
    """``point``; a time that nobody could have set is the shortest."""
    if point is None or LEAST_MS <= point.timeout_ms <= MOST_MS:
        return point
    return DecisionPoint(
        url=point.url, timeout_ms=LEAST_MS, credential=point.credential, unknown=point.unknown
    )

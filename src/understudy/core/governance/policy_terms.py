"""What it takes to change an application's policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

MOST_DELAY_HOURS = 720


class Confirmation(StrEnum):
    """What has to happen before changed policies hold."""

    NONE = "none"
    SECOND_ADMIN = "second_admin"
    DELAY = "delay"


@dataclass(frozen=True, kw_only=True)
class PolicyTerms:
    """Whether a change has to be confirmed: by somebody else, or after ``delay_hours`` by anybody.

    ``unknown`` is what a newer version stored.
    """

    confirmation: Confirmation = Confirmation.NONE
    delay_hours: int = 24
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def at_once(self) -> bool:
        """Whether a change holds without anything more."""
        # What only a newer version knows is no leave.
        return self.confirmation is Confirmation.NONE

    @property
    def told(self) -> str:
        """What an entry says of it."""
        waits = self.confirmation is Confirmation.DELAY
        return f"{self.confirmation} of {self.delay_hours} hours" if waits else self.confirmation

    @property
    def delay(self) -> timedelta:
        """How long a change waits before anybody may confirm it."""
        waits = self.confirmation is Confirmation.DELAY
        return timedelta(hours=self.delay_hours if waits else 0)

    def loosen_to(self, after: PolicyTerms) -> bool:
        """Whether ``after`` asks for less, or for something else, of whoever changes policies."""
        if self.at_once or self.is_same_as(after):
            return False
        if self.confirmation != after.confirmation:
            # Another admin is no more than a wait, nor a wait than another admin.
            return True
        return after.delay_hours < self.delay_hours

    def is_same_as(self, other: PolicyTerms) -> bool:
        """Whether both ask for the same; hours matter where there is a wait."""
        return (self.confirmation, self.delay) == (other.confirmation, other.delay)


def policy_terms_within_bounds(terms: PolicyTerms) -> PolicyTerms:
    """``terms``; a delay that nobody could have set is the longest."""
    if 1 <= terms.delay_hours <= MOST_DELAY_HOURS:
        return terms
    return PolicyTerms(
        confirmation=terms.confirmation, delay_hours=MOST_DELAY_HOURS, unknown=terms.unknown
    )

"""The second person's part: what a decision may ask for beyond the actor's own word."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Quorum:
    """How many operators, none of them the actor, must agree before a grant is usable."""

    approvals: int = 1

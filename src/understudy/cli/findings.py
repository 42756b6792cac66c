"""What ``understudy doctor`` says of one thing that it looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at: ``ok``, ``warning`` or ``error``, and what to do."""

    level: str
    what: str
    advice: str = ""

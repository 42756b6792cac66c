"""What an entry tells of a decision point that was asked."""

from __future__ import annotations

import re

from understudy.core.governance.decision_points import Opinion
from understudy.core.notices.events import Scalar
from understudy.core.ports import Reader

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}")
"""What an entry may keep for good: sentences could name somebody, and codes do not."""


def opinion_facts(reader: Reader) -> dict[str, Scalar]:
    """What was said last to whoever acts in this unit; nothing where nobody was asked."""
    said = list(reader.opinions.values())
    return _facts(said[-1]) if said else {}


def _facts(opinion: Opinion) -> dict[str, Scalar]:
    facts: dict[str, Scalar] = {"decision_point_said": "yes" if opinion.permitted else "no"}
    if opinion.fault is not None:
        return {"decision_point_said": "nothing", "decision_point_fault": opinion.fault}
    if opinion.reason is not None and _CODE.fullmatch(opinion.reason):
        facts["decision_point_reason"] = opinion.reason
    return facts

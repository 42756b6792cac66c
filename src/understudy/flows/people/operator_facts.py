"""What entries say that an operator's account is from now on: rows are compared with the latest."""

from __future__ import annotations

from understudy.core.notices.events import Scalar
from understudy.core.people.principals import Operator


def operator_facts(operator: Operator) -> dict[str, Scalar]:
    """Roles, status, and groups where there are any."""
    groups = {"groups": " ".join(operator.groups)} if operator.groups else {}
    return {"roles": " ".join(sorted(operator.roles)), "status": operator.status, **groups}


def groups_changed(before: Operator, after: Operator) -> dict[str, Scalar]:
    """What an entry says of groups that are others by now: which they are, and which they were."""
    if before.groups == after.groups:
        return {}
    return {"groups": " ".join(after.groups), "groups_before": " ".join(before.groups)}

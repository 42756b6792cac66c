"""Terms of approval as they come in and go out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec import UNSET

from understudy.core.governance.approvals import ApprovalTerms
from understudy.wires.native.schemas.approvals import ApprovalTermsAnswer, ApprovalTermsChange


def changed_terms(before: ApprovalTerms, change: ApprovalTermsChange) -> ApprovalTerms:
    """``before`` with what ``change`` gives."""
    members = {name: getattr(change, name) for name in change.__struct_fields__}
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in members.items()
        if value is not UNSET
    }
    return replace(before, **given)


def terms_answer(terms: ApprovalTerms) -> ApprovalTermsAnswer:
    """The terms as an admin reads them."""
    return ApprovalTermsAnswer(
        quorum=terms.quorum,
        roles=list(terms.roles),
        groups=list(terms.groups),
        pending_minutes=terms.pending_minutes,
        break_glass=terms.break_glass,
        break_glass_minutes=terms.break_glass_minutes,
    )

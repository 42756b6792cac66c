"""What an admin decides about consent, as it comes in and goes out."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.governance.consents import ConsentMode, ConsentTerms
from understudy.wires.native.schemas.consents import ConsentTermsAnswer, ConsentTermsChange


def changed_terms(before: ConsentTerms, change: ConsentTermsChange | UnsetType) -> ConsentTerms:
    """``before`` with what ``change`` gives."""
    if change is UNSET:
        return before
    given = msgspec.structs.asdict(change).items()
    return replace(before, **{name: value for name, value in given if value is not UNSET})


def terms_answer(terms: ConsentTerms) -> ConsentTermsAnswer:
    """``terms`` as they are stored, be the mode known here or not."""
    return ConsentTermsAnswer(
        mode=terms.mode,
        standing_days=terms.standing_days,
        organizations=cast(dict[str, ConsentMode], dict(terms.organizations)),
        shown_as=terms.shown_as,
        tell=terms.tell,
    )

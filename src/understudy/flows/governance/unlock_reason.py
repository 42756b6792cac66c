"""Why somebody asks for a change."""

from __future__ import annotations

from understudy.core.applications.application import ApplicationSettings
from understudy.core.governance.unlocks import REASON_MAX_LENGTH
from understudy.core.text import require_text
from understudy.errors import InvalidInput


def require_reason(text: str, settings: ApplicationSettings) -> str:
    """``text`` without what surrounds it, if it is as long as reasons are here.

    :raises InvalidInput: when it is shorter, too long, or no text.
    """
    reason = text.strip()
    facts = {"field": "reason"}
    if len(reason) < max(1, settings.reason_min_length):
        raise InvalidInput("Say in a few words more why this has to be changed.", facts=facts)
    if len(reason) > REASON_MAX_LENGTH:
        raise InvalidInput(f"A reason has at most {REASON_MAX_LENGTH:,} characters.", facts=facts)
    require_text(reason, "reason", lines=True)
    return reason

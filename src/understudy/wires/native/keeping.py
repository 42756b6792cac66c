"""What a guard says that it keeps; a service of before would refuse a field that says so."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.sdk.keeping import KEEPS, REDACTION


def keeps_redaction(headers: Mapping[str, str]) -> bool:
    """Whether the caller hides what rules of redaction name."""
    return REDACTION in (word.strip() for word in headers.get(KEEPS, "").split(","))

"""What is written of a subject or an organization is text, whichever door it came through.

What was stored before there was this rule stays: only what is new is looked at, so that somebody
with such a name can still be protected.
"""

from __future__ import annotations

from understudy.core.people.principals import Organization, Subject
from understudy.core.text import require_id, require_text


def require_subject_text(wanted: Subject, known: Subject | None) -> None:
    """Return only if whatever of ``wanted`` was not ``known`` is text.

    :raises InvalidInput: naming the first field that is not.
    """
    for field in ("id", "email", "external_id"):
        if known is None or getattr(known, field) != getattr(wanted, field):
            require_id(getattr(wanted, field), field)
    if known is None or known.name != wanted.name:
        require_text(wanted.name, "name")
    for role in wanted.roles:
        if known is None or role not in known.roles:
            require_id(role, "roles")


def require_organization_text(wanted: Organization, known: Organization | None) -> None:
    """Return only if whatever of ``wanted`` was not ``known`` is text.

    :raises InvalidInput: naming the first field that is not.
    """
    for field in ("id", "slug", "external_id"):
        if known is None or getattr(known, field) != getattr(wanted, field):
            require_id(getattr(wanted, field), field)
    if known is None or known.name != wanted.name:
        require_text(wanted.name, "name")

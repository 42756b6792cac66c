"""Under which names a transaction on PostgreSQL knows who caused it, for triggers to read."""

from __future__ import annotations

from understudy.sdk.attribution import Attribution

SET_CONFIG = (
    "SELECT set_config('understudy.actor', {actor}, true),"
    " set_config('understudy.subject', {subject}, true),"
    " set_config('understudy.session', {session}, true)"
)
"""Sets all three until the transaction is over, by placeholders that drivers write differently.

Afterwards they are empty on that connection, not absent: triggers say
``nullif(current_setting('understudy.actor', true), '')``.
"""


def settings_of(attribution: Attribution | None) -> dict[str, str]:
    """The values of the placeholders: ids alone, and empty for nobody."""
    if attribution is None:
        return dict.fromkeys(("actor", "subject", "session"), "")
    return {
        "actor": attribution.actor_id,
        "subject": attribution.subject_id,
        "session": attribution.session_id,
    }

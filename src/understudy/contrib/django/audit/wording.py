"""Actor and session as a few words, for records that have no room but in a text."""

from __future__ import annotations

from understudy.sdk.attribution import Attribution

KEY = "understudy"
"""Under which name JSON holds the ids."""
_CUT = "…"


def in_words(attribution: Attribution) -> str:
    """Who caused it, and in which session."""
    return f"actor {attribution.actor_id}, session {attribution.session_id}"


def with_words(text: str | None, attribution: Attribution, most: int | None = None) -> str:
    """``text``, and behind it who caused it; at ``most`` so long, by leaving out of the text.

    Where an actor's id is longer than that, the session stands alone, which leads to the actor.
    """
    words = in_words(attribution)
    if most is not None and len(words) > most:
        return f"session {attribution.session_id}"[:most]
    if not text:
        return words
    words = f" ({words})"
    if most is None or len(text) + len(words) <= most:
        return text + words
    kept = most - len(words) - len(_CUT)
    return f"{text[:kept]}{_CUT}{words}" if kept > 0 else in_words(attribution)

"""What becomes of an effect, by its kind."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from understudy.errors import SetupError
from understudy.sdk.context import KIND


class Effect(StrEnum):
    """What is done with something that an impersonated request wants to send.

    ``SEND`` lets it go, ``HOLD`` keeps it until the app releases it or the session ends, ``DROP``
    does without it, ``MARK`` sends what says that the user did not do this, ``REFUSE`` raises.
    """

    SEND = "send"
    HOLD = "hold"
    DROP = "drop"
    MARK = "mark"
    REFUSE = "refuse"


ANY_KIND = "*"
DEFAULTS: Mapping[str, Effect] = {
    # Nobody should believe that something was paid.
    "payment": Effect.REFUSE,
    # What has happened has happened; copies elsewhere that do not hear of it go wrong.
    "webhook": Effect.MARK,
    ANY_KIND: Effect.HOLD,
}
"""Unless an app says otherwise; what nobody has thought of is held."""


class Policies:
    """The app's word for each kind, and ours where it has none.

    :raises SetupError: a kind or an effect is none.
    """

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        given = given or {}
        for kind, effect in given.items():
            if (kind != ANY_KIND and not KIND.fullmatch(kind)) or effect not in list(Effect):
                known = ", ".join(Effect)
                raise SetupError(f"{kind!r}: {effect!r} is no side effect; there are {known}.")
        self._given = {kind: Effect(effect) for kind, effect in given.items()}

    def of(self, kind: str, *, can_mark: bool) -> Effect:
        """What becomes of an effect of this kind; what cannot be marked is held."""
        for policies in (self._given, DEFAULTS):
            found = policies.get(kind) or policies.get(ANY_KIND)
            if found is not None:
                return Effect.HOLD if found is Effect.MARK and not can_mark else found
        return Effect.HOLD

"""What one of the app's staff asks Understudy for, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.secret import Secret
from understudy.sdk.values import Actor

WAITS = "Somebody else has to agree to this first. They were asked; start again once they agree."
"""What whoever asks is told while others have to agree."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """An impersonation request. The app vouches for ``actor``, whom its own sign-in has found."""

    actor: Actor
    subject_id: str
    reason: str
    ticket: str | None = None
    minutes: int | None = None
    scope: Scope | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Granted:
    """The grant for an ``Ask``, and the token to be exchanged for its session.

    ``origin`` is the only one at which the session may be served; None for the app's own.
    """

    grant_id: str
    token: Secret = field(repr=False)
    origin: str | None = None

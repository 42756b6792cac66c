"""The impersonation tokens of a fake service: each is exchanged once, soon, and on its own wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from understudy.core.impersonation.token_kinds import TOKEN_LIFE
from understudy.errors import TokenInvalid
from understudy.sdk.secret import Secret
from understudy.sdk.values import Presented, Wire

# Told by the wire itself, which an app without the service has not got; the gateways' suite holds
# the two together.
_REPEATED_WITHIN = timedelta(seconds=60)
_LIVES = {Wire.STYTCH: timedelta(seconds=300)}


@dataclass(kw_only=True)
class Offer:
    """A token, the session that it is exchanged for, and what it is bound to."""

    bound: Presented
    session_token: str
    return_to: str | None
    expires_at: datetime
    used: bool = False
    used_at: datetime | None = None
    attempt: Secret | None = None

    @property
    def replay_revokes(self) -> bool:
        """Whether a second use ends what the first has begun, as natively it does."""
        return self.bound.wire is Wire.NATIVE

    def is_attempt(self, presented: Presented, now: datetime) -> bool:
        """Whether its first use asks once more, as its answer got lost."""
        if self.attempt is None or self.used_at is None or presented.attempt != self.attempt:
            return False
        return now < self.used_at + _REPEATED_WITHIN and self.bound == _unnamed(presented)


class Offers:
    """All tokens that were made."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._offers: dict[str, Offer] = {}

    def add(self, bound: Presented, session_token: str, return_to: str | None) -> None:
        """A token, which lives as long as the service's own."""
        self._offers[bound.token.reveal()] = Offer(
            bound=bound,
            session_token=session_token,
            return_to=return_to,
            expires_at=self._clock() + _LIVES.get(bound.wire, TOKEN_LIFE),
        )

    def take(self, presented: Presented) -> Offer:
        """The offer behind ``presented``, used up; one that was used before says so.

        :raises TokenInvalid: unknown, expired, of another wire, or bound to something else.
        """
        offer = self._offers.get(presented.token.reveal())
        if offer is None:
            raise TokenInvalid
        if offer.used:
            return offer
        if self._clock() >= offer.expires_at or not _same_kind(offer.bound, presented):
            raise TokenInvalid
        # Whoever holds a code without its verifier stole it: nobody shall use it any more.
        fits = offer.bound == _unnamed(presented)
        if not fits:
            offer.used = True
            raise TokenInvalid
        return offer


def _unnamed(presented: Presented) -> Presented:
    return replace(presented, attempt=None)


def _same_kind(bound: Presented, presented: Presented) -> bool:
    """False for a token on another wire, which is not used up by that: codes are a kind too."""
    return bound.wire is presented.wire and _is_code(bound) is _is_code(presented)


def _is_code(presented: Presented) -> bool:
    return presented.code_verifier is not None and presented.redirect_uri is not None

"""The sessions of one process: found in the cache, or asked of the service."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NoReturn

from understudy.core.impersonation.tokens import token_hash
from understudy.errors import (
    NotFound,
    Refused,
    SessionOver,
    TokenInvalid,
    Unavailable,
    UnderstudyError,
)
from understudy.sdk.cache import Ended, Held, SessionCache
from understudy.sdk.gateway import Gateway
from understudy.sdk.problems import cause_of
from understudy.sdk.pulse import Pulse
from understudy.sdk.secret import Secret
from understudy.sdk.values import Opened, Presented

_LOG = logging.getLogger("understudy")


class Sessions:
    """Looks sessions up; ``refresh`` and ``exchange`` block on the service."""

    def __init__(
        self,
        *,
        gateway: Gateway,
        cache: SessionCache,
        pulse: Pulse,
        monotonic: Callable[[], float],
    ) -> None:
        self.cache = cache
        self._gateway = gateway
        self._pulse = pulse
        self._monotonic = monotonic

    def refresh(self, token: Secret) -> Held | Ended:
        """The session behind ``token`` as the service sees it now.

        :raises Unavailable: the service cannot be asked, or did not answer to the question.
        """
        # Before asking: what ends while the answer is under way must not be overlooked.
        generation, sent_at = self._pulse.generation, self._monotonic()
        try:
            opened = self._gateway.refresh(token)
        except (SessionOver, TokenInvalid, Refused, NotFound) as error:
            known = isinstance(error, SessionOver)
            return self.cache.refuse(token_hash(token.reveal()), cause_of(error), known=known)
        except UnderstudyError as error:
            _not_answered(error)
        # Otherwise one agent would be served another one's session, and from the cache ever after.
        if opened.session_token != token:
            raise Unavailable(internal="the service answered for another session")
        return self.cache.keep(opened, sent_at=sent_at, generation=generation)

    def exchange(self, presented: Presented) -> Opened:
        """A new session.

        :raises TokenInvalid: unknown, expired, used, foreign, or bound to something else.
        :raises Refused: a rule says no by now.
        :raises Unavailable: the service cannot be asked.
        """
        generation, sent_at = self._pulse.generation, self._monotonic()
        try:
            opened = self._gateway.exchange(presented)
        except (TokenInvalid, Refused):
            raise
        except UnderstudyError as error:
            _not_answered(error)
        self.cache.keep(opened, sent_at=sent_at, generation=generation)
        return opened


def _not_answered(error: UnderstudyError) -> NoReturn:
    # Wrong credentials are a fault of the set-up, and no word about the session.
    _LOG.warning(
        "Understudy cannot be asked: %s (%s)",
        error.code,
        error.internal or error.detail,
        extra={"action": "refresh_session"},
    )
    if isinstance(error, Unavailable):
        raise error
    raise Unavailable(internal=error.code) from error

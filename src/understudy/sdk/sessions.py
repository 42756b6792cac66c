"""The sessions of one process: found in the cache, or asked of the service."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

from understudy.core.impersonation.tokens import token_hash
from understudy.errors import (
    InvalidInput,
    NotFound,
    OutcomeUnknown,
    Refused,
    SessionOver,
    TokenInvalid,
    TooManyRequests,
    Unavailable,
    UnderstudyError,
)
from understudy.sdk.asks import Ask, Granted
from understudy.sdk.cache import Ended, Held, SessionCache
from understudy.sdk.gateway import Gateway
from understudy.sdk.problems import cause_of
from understudy.sdk.pulse import Pulse
from understudy.sdk.secret import Secret
from understudy.sdk.values import Opened, Presented

PAUSES = (0.25, 1.0)
"""Between the tries of an exchange whose answer got lost."""
REPEATED_WITHIN = 6.0
"""No further try begins after so many seconds: a person waits."""
UNKNOWN = "Whether the session has begun is not known. Launch it once more."

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
        new_attempt: Callable[[], str] = secrets.token_urlsafe,
        pause: Callable[[float], None] = time.sleep,
        begun: Callable[[Opened], None] | None = None,
    ) -> None:
        self.cache = cache
        self._gateway = gateway
        self._pulse = pulse
        self._monotonic = monotonic
        self._new_attempt = new_attempt
        self._pause = pause
        self._begun = begun

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

    def request(self, ask: Ask) -> Granted:
        """The grant for ``ask``, and its token.

        :raises Refused: a rule says no.
        :raises InvalidInput: the service cannot read it.
        :raises TooManyRequests: it is asked too often.
        :raises Unavailable: it cannot be asked, or did not answer. Nothing has begun, as nobody got
            the token.
        """
        try:
            return self._gateway.request(ask)
        except (Refused, InvalidInput, TooManyRequests):
            raise
        except OutcomeUnknown as error:
            raise Unavailable(internal=error.internal) from error
        except UnderstudyError as error:
            _not_answered(error)

    def exchange(self, presented: Presented) -> Opened:
        """A new session. Asked for again, under the same name, where the answer got lost.

        :raises TokenInvalid: unknown, expired, used, foreign, or bound to something else.
        :raises Refused: a rule says no by now.
        :raises Unavailable: the service cannot be asked.
        :raises OutcomeUnknown: it did not answer, and may have begun the session.
        """
        generation, sent_at = self._pulse.generation, self._monotonic()
        try:
            opened = self._exchanged(replace(presented, attempt=Secret(self._new_attempt())))
        except (TokenInvalid, Refused):
            raise
        except OutcomeUnknown as error:
            raise OutcomeUnknown(UNKNOWN, internal=error.internal) from error
        except UnderstudyError as error:
            _not_answered(error)
        self.cache.keep(opened, sent_at=sent_at, generation=generation)
        if self._begun is not None:
            self._begun(opened)
        return opened

    def _exchanged(self, presented: Presented) -> Opened:
        """What the gateway answers, by the first answer that says more than "not known"."""
        began = self._monotonic()
        try:
            return self._gateway.exchange(presented)
        except InvalidInput:
            # A node of before this release knows no attempts, and has not used the token up.
            return self._gateway.exchange(replace(presented, attempt=None))
        except OutcomeUnknown as error:
            unknown = error
        for pause in PAUSES:
            if self._monotonic() - began > REPEATED_WITHIN:
                break
            self._pause(pause)
            try:
                return self._gateway.exchange(presented)
            except (InvalidInput, Unavailable) as error:
                # Whatever keeps it from saying so now, the first try may have begun the session.
                unknown = OutcomeUnknown(internal=error.internal or error.code)
        raise unknown


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

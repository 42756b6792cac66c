"""Django's mail, under the policy for side effects of kind ``email``.

``EMAIL_BACKEND = "understudy.contrib.django.mail.EmailBackend"``, and the backend that really sends
as ``EMAIL_BACKEND`` in ``settings.UNDERSTUDY``; Django's own for SMTP unless it says otherwise.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from understudy.contrib.django.conf import setup
from understudy.sdk.effects.policy import Effect
from understudy.sdk.effects.side_effects import SideEffects

EMAIL = "email"
MARK = "Understudy-Impersonated"
"""The header of a message that the user did not cause."""


def side_effects() -> SideEffects:
    """Those of the site, by ``SIDE_EFFECTS`` in the settings: for other senders, and to release."""
    return setup().side_effects


class EmailBackend(BaseEmailBackend):  # type: ignore[misc]  # Django has no types
    """Sends by another backend what may be sent; what is held or dropped counts as taken."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:  # noqa: ANN401  (of any backend)
        super().__init__(fail_silently=fail_silently)
        self._connect = partial(
            get_connection, setup().email_backend, fail_silently=fail_silently, **options
        )
        self._inner = self._connect()

    def open(self) -> bool | None:
        """Connect, for several calls."""
        opened: bool | None = self._inner.open()
        return opened

    def close(self) -> None:
        """Let go of the connection."""
        self._inner.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were sent, or taken in place of that.

        :raises ForbiddenWhileImpersonating: mail is refused in sessions.
        """
        decided = [(one, self._decide(one)) for one in email_messages]
        going = [
            _marked(one) if effect is Effect.MARK else one
            for one, effect in decided
            if effect in (Effect.SEND, Effect.MARK)
        ]
        sent = self._inner.send_messages(going) if going else 0
        return int(sent or 0) + len(decided) - len(going)

    def _decide(self, message: EmailMessage) -> Effect:
        # On a connection of its own, as this one is closed by then.
        later = partial(self._send_later, message)
        return side_effects().decide(EMAIL, later, can_mark=True)

    def _send_later(self, message: EmailMessage) -> int:
        return int(self._connect().send_messages([message]) or 0)


def _marked(message: EmailMessage) -> EmailMessage:
    marked = copy.copy(message)
    marked.extra_headers = {**message.extra_headers, MARK: "yes"}
    return marked

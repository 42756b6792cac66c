"""Log records say who caused what they tell: subject, actor and session, by their ids.

Names and addresses are left out unless asked for, since logs go far and are kept long. Outside of
sessions every value is None. Nothing is imported beyond the standard
library: structlog takes whatever can be called.
"""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

from understudy.sdk.attribution import current_attribution


def _fields(*, personal: bool) -> dict[str, str | None]:
    found = current_attribution()
    fields = {
        "understudy_subject": found.subject_id if found else None,
        "understudy_actor": found.actor_id if found else None,
        "understudy_session": found.session_id if found else None,
    }
    if personal:
        fields["understudy_actor_email"] = found.actor_email if found else None
        fields["understudy_actor_name"] = found.actor_name if found else None
    return fields


class AttributionFilter(logging.Filter):
    """Puts subject, actor and session on every record of the handler that it is added to.

    A handler's, as a logger's filters are not asked for what its children log. A queue's handler
    (``QueueHandler``) needs it as well: its listener runs in a thread that knows no request.
    """

    def __init__(self, *, personal: bool = False) -> None:
        super().__init__()
        self._personal = personal

    def filter(self, record: logging.LogRecord) -> bool:
        """See ``logging.Filter``: lets everything through. What is there already stays."""
        for name, value in _fields(personal=self._personal).items():
            record.__dict__.setdefault(name, value)
        return True


class AddAttribution:
    """The same as a processor of structlog."""

    def __init__(self, *, personal: bool = False) -> None:
        self._personal = personal

    def __call__(
        self, logger: object, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """See structlog's processors. What is bound already stays."""
        for name, value in _fields(personal=self._personal).items():
            event.setdefault(name, value)
        return event

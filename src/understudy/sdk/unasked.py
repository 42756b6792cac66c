"""What an app serves in a session without asking whom it serves: it may well be the agent's own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

_LOG = logging.getLogger("understudy")
NOT_ASKED = "identity_not_asked"
"""The rule that an entry of the log names when a change was made so."""
MOST = 500
"""Routes that are counted; what is beyond them is counted together."""
OTHERS = "others"


class Unasked:
    """Counts such answers by method and route, and tells of each route once."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def note(self, method: str, route: str | None, path: str) -> None:
        """One more. Without a route the first part of ``path`` stands for it: ids may follow."""
        key = f"{method} {route or _first_part(path)}"
        known = self._counts.get(key)
        if known is not None:
            # Without the lock, as each request pays for it: one of two at once may not be counted.
            self._counts[key] = known + 1
            return
        with self._lock:
            if key not in self._counts and len(self._counts) >= MOST:
                key = OTHERS
            count = self._counts[key] = self._counts.get(key, 0) + 1
        if count == 1:
            _LOG.warning(
                "%s was served in an impersonation session by code that never asked for whom: it "
                "may show or change what is the agent's own (docs/howto/fastapi.md)",
                key,
                extra={"action": "serve_unasked", "route": key},
            )

    def counts(self) -> Mapping[str, int]:
        """How often each was served."""
        with self._lock:
            return dict(self._counts)


def _first_part(path: str) -> str:
    first, _, rest = path.lstrip("/").partition("/")
    return f"/{first}/…" if rest else f"/{first}"

"""What a read-only session may do. The one place that knows; the guard only asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from understudy.core.impersonation.restrictions import Blocked, Scope, judge_scope


class ReadOnlyPolicy(Protocol):
    """Judges the requests of sessions whose scope is ``read_only``."""

    def judge(self, methods: Iterable[str]) -> Blocked | None:
        """Why a request that may be taken for any of ``methods`` may not go on, or None."""

    def judge_socket(self) -> Blocked | None:
        """Why a WebSocket may not be opened, or None."""


class SafeMethodsOnly:
    """Lets pass what is safe by its method (RFC 9110, section 9.2.1).

    What goes over a WebSocket has no method, so none is opened.
    """

    def judge(self, methods: Iterable[str]) -> Blocked | None:
        """See ``ReadOnlyPolicy.judge``."""
        return judge_scope(Scope.READ_ONLY, methods)

    def judge_socket(self) -> Blocked | None:
        """See ``ReadOnlyPolicy.judge_socket``."""
        return Blocked(code="read_only", label="live connections")

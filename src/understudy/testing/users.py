"""What a fake service makes of users who agree, look and complain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.errors import Conflict, NotFound
from understudy.sdk.user_says import Deed, UserSays

_EXPIRES_AT = "2030-01-01T00:00:00Z"


class Users:
    """Keeps what one user after the other has said; ``mode`` is what is asked of all of them.

    ``told_as`` is what they are told of whoever works in their account; None unless they are told.
    """

    def __init__(self) -> None:
        self.mode = "off"
        self.told_as: str | None = None
        self.said: list[UserSays] = []
        self.history: list[dict[str, Any]] = []
        self.requests: dict[str, dict[str, Any]] = {}
        self._agreed: set[str] = set()

    def ask(self, request_id: str, *, asked_by: str = "Sam Support", minutes: int = 30) -> None:
        """Put a request to whoever looks."""
        self.requests[request_id] = {
            "id": request_id,
            "asked_by": asked_by,
            "reason": "Ticket 1: cannot see the invoice",
            "ticket": None,
            "scope": "full",
            "minutes": minutes,
            "digits": "47",
            "created_at": _EXPIRES_AT,
            "expires_at": _EXPIRES_AT,
        }

    def tell(self, said: UserSays) -> Mapping[str, Any]:
        """What a service answers.

        :raises NotFound: nobody asks that.
        :raises Conflict: nothing is asked for.
        """
        self.said.append(said)
        if said.deed is Deed.HISTORY:
            return {"items": self.history, "next_cursor": None}
        if said.deed is Deed.STATE:
            return self._state(said.subject_id)
        if said.deed in (Deed.ALLOW, Deed.DECLINE, Deed.CODE):
            return self._answered(said)
        if said.deed is Deed.WITHDRAW:
            self._agreed.discard(said.subject_id)
            return {"consents": 1, "ended_sessions": 0}
        if said.deed is Deed.AGREE:
            if self.mode != "standing":
                raise Conflict
            self._agreed.add(said.subject_id)
            return _consent("standing")
        return {"session_id": said.target}

    def _state(self, subject_id: str) -> Mapping[str, Any]:
        return {
            "mode": self.mode,
            "standing_days": 30,
            "consents": [_consent("standing")] if subject_id in self._agreed else [],
            "requests": list(self.requests.values()),
        }

    def _answered(self, said: UserSays) -> Mapping[str, Any]:
        if said.target not in self.requests:
            raise NotFound
        if said.deed is Deed.CODE:
            return {"code": "HELP 1234 5678", "expires_at": _EXPIRES_AT}
        del self.requests[said.target]
        return _consent("once") if said.deed is Deed.ALLOW else {"id": said.target}


def _consent(kind: str) -> Mapping[str, Any]:
    return {
        "id": "cns_1",
        "kind": kind,
        "scope": "full",
        "minutes": None,
        "given_at": _EXPIRES_AT,
        "expires_at": _EXPIRES_AT,
    }

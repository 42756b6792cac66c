"""What a user says, and asks, about those who work in their account; the app vouches for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote


class Deed(StrEnum):
    """One thing that a user does, or looks at."""

    STATE = "state"
    HISTORY = "history"
    AGREE = "agree"
    WITHDRAW = "withdraw"
    ALLOW = "allow"
    DECLINE = "decline"
    CODE = "code"
    END = "end"
    NOT_AGREED = "not_agreed"


LOOKS = frozenset({Deed.STATE, Deed.HISTORY})
"""What changes nothing."""
GIVES = frozenset({Deed.AGREE, Deed.ALLOW, Deed.CODE})
"""What lets somebody in: only ever by the user's own word."""
SAYS_MORE = frozenset({Deed.AGREE, Deed.NOT_AGREED})
"""What comes with words of the user's, be they none."""
_PATHS: Mapping[Deed, str] = {
    Deed.STATE: "consents",
    Deed.HISTORY: "history?limit=50",
    Deed.AGREE: "consents",
    Deed.WITHDRAW: "consents/withdraw",
    Deed.ALLOW: "consent-requests/{}/allow",
    Deed.DECLINE: "consent-requests/{}/decline",
    Deed.CODE: "consent-requests/{}/code",
    Deed.END: "history/{}/end",
    Deed.NOT_AGREED: "history/{}/not-agreed",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class UserSays:
    """``subject_id`` does ``deed``; ``target`` is the request or the session that it is about."""

    subject_id: str
    deed: Deed
    target: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where the native API takes it."""
        below = _PATHS[self.deed].format(quote(self.target, safe=""))
        return f"/subjects/{quote(self.subject_id, safe='')}/{below}"


def shown(deed: Deed, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the user's own browser gets of what the service told the app.

    Of who was in the account it is the name: ids and addresses are the staff's own.
    """
    if deed is not Deed.HISTORY:
        return told
    return {**told, "items": [_without_address(item) for item in told["items"]]}


def _without_address(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**item, "actor": {**item["actor"], "id": None, "email": None}}

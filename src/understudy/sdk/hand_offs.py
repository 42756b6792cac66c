"""Which ways into a session an app takes, and the tokens that two of them put into an address.

A token in an address is a bearer's, bound to no browser, and addresses are kept and passed on
(RFC 9700, section 4.3.2). So these ways are off unless the app asks for them, and then only a
person's own visit to a page uses a token up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from understudy.errors import MalformedRequest, SetupError
from understudy.sdk.cookies import is_token
from understudy.sdk.secret import Secret
from understudy.sdk.values import Presented, Wire
from understudy.sdk.visit import Visit

_STYTCH_TYPES = frozenset({"multi_tenant_impersonation", "impersonation"})
_CLERK_STATUS = "sign_in"
_NOT_TAKEN = "This app does not take sessions in this way."
_UNREADABLE = "This address holds no token that can be read."


class HandOff(StrEnum):
    """A way into a session."""

    CODE = "code"
    STYTCH = "stytch"
    CLERK = "clerk"


DEFAULT = (HandOff.CODE,)


def read_hand_offs(names: Iterable[str]) -> frozenset[HandOff]:
    """The ways that ``names`` stand for: ``code``, ``stytch``, ``clerk``.

    :raises SetupError: another name, or none at all.
    """
    given = [names] if isinstance(names, str) else list(names)
    known = [way.value for way in HandOff]
    if not given or not set(given) <= set(known):
        raise SetupError(f"hand_offs is some of {known}, and not {given}.")
    return frozenset(map(HandOff, given))


def token_in_address(parameters: Mapping[str, str], taken: frozenset[HandOff]) -> Presented | None:
    """The token that a callback's address brings along; None when it is the code flow's.

    :raises MalformedRequest: a way that is not ``taken``, two at once, or no token of ours.
    """
    found = _found(parameters)
    if found is None:
        require_taken(HandOff.CODE, taken)
        return None
    way, token = found
    require_taken(way, taken)
    if not is_token(token):
        raise MalformedRequest(_UNREADABLE)
    return Presented(token=Secret(token), wire=Wire(way))


def require_taken(way: HandOff, taken: frozenset[HandOff]) -> None:
    """Do nothing, if the app takes sessions in this ``way``.

    :raises MalformedRequest: it does not.
    """
    if way not in taken:
        raise MalformedRequest(_NOT_TAKEN)


def is_persons_visit(visit: Visit) -> bool:
    """False for what a browser or a page fetches without anybody going there.

    A browser that sends Fetch Metadata says ``document`` (its section 2.1); whatever sends none of
    it is believed, since not every browser does.
    """
    purposes = (visit.header("sec-purpose") or "", visit.header("purpose") or "")
    if any("prefetch" in purpose.lower() for purpose in purposes):
        return False
    metadata = {name: value for name, value in visit.headers if name.startswith("sec-fetch-")}
    return not metadata or metadata.get("sec-fetch-dest") == "document"


def _found(parameters: Mapping[str, str]) -> tuple[HandOff, str] | None:
    kind, ticket = parameters.get("stytch_token_type"), parameters.get("__clerk_ticket")
    if kind is None and ticket is None:
        return None
    if (kind is not None and ticket is not None) or "code" in parameters or "state" in parameters:
        raise MalformedRequest(_UNREADABLE)
    if ticket is not None:
        if parameters.get("__clerk_status", _CLERK_STATUS) != _CLERK_STATUS:
            raise MalformedRequest(_NOT_TAKEN)
        return HandOff.CLERK, ticket
    if kind not in _STYTCH_TYPES:
        raise MalformedRequest(_NOT_TAKEN)
    return HandOff.STYTCH, parameters.get("token", "")

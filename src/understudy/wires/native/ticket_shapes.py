"""What help desks send when a ticket changes, and how each of them signs it."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from understudy.core.governance.tickets import TicketHook, TicketNews, TicketShape
from understudy.errors import InvalidInput, NotSignedIn
from understudy.http.body import from_json
from understudy.http.incoming import Headers

FRESH = timedelta(minutes=5)
"""How old a message may be that is signed anew for each attempt."""
FRESH_AT_JIRA = timedelta(hours=2)
"""Jira's time is that of the event, and it tries up to five times more, each up to a quarter of an
hour after the one before; within it nothing counts twice.
"""
_DIGITS = 11
"""Of seconds since 1970, for some thousand years."""
OVER = frozenset({"closed", "solved", "resolved", "done"})
_OVER_AT_ZENDESK = OVER | {"deleted", "archived", "scrubbed"}
"""What a ticket's status can become there once nobody works on it any more."""
_GONE_AT_ZENDESK = (
    "ticket.merged",
    "ticket.marked_as_spam",
    "ticket.soft_deleted",
    "ticket.permanently_deleted",
)
"""Events that say so by themselves; some of them with the status that the ticket had before."""

Told = tuple[str, bool]


def news_in(hook: TicketHook, headers: Headers, body: bytes, now: datetime) -> TicketNews:
    """What ``body`` says, signed with the hook's secret, and lately.

    :raises NotSignedIn: it is not; which of these it is, nobody is told.
    :raises InvalidInput: it names no ticket.
    """
    signed, at = _SIGNED[hook.shape](hook.secret, headers, body)
    fresh = FRESH_AT_JIRA if hook.shape is TicketShape.JIRA else FRESH
    if at is None or not -fresh <= now - at <= fresh:
        raise NotSignedIn
    ticket, closed = told_in(hook.shape, body)
    return TicketNews(ticket=ticket, closed=closed, digest=sha256(signed).digest())


def told_in(shape: TicketShape, body: bytes) -> Told:
    """Which ticket ``body`` is about, and whether it is over, whoever may have signed it.

    :raises InvalidInput: it names no ticket.
    """
    ticket, closed = _TOLD[shape](_document(body))
    if not ticket:
        raise InvalidInput("The message names no ticket.")
    return ticket, closed


def _standard(secret: str, headers: Headers, body: bytes) -> tuple[bytes, datetime | None]:
    """Standard Webhooks 1.0.0."""
    seconds = headers.get("webhook-timestamp", "")
    signed = f"{headers.get('webhook-id', '')}.{seconds}.".encode() + body
    wanted = "v1," + b64encode(hmac.digest(_key(secret), signed, "sha256")).decode()
    given = headers.get("webhook-signature", "").split()
    # All are compared, so that the time tells nothing of which one fitted.
    fits = [hmac.compare_digest(one.encode(), wanted.encode()) for one in given]
    _require(any(fits))
    return signed, _of_seconds(seconds)


def _zendesk(secret: str, headers: Headers, body: bytes) -> tuple[bytes, datetime | None]:
    time = headers.get("x-zendesk-webhook-signature-timestamp", "")
    signed = time.encode() + body
    wanted = b64encode(hmac.digest(secret.encode(), signed, "sha256"))
    given = headers.get("x-zendesk-webhook-signature", "").encode()
    _require(hmac.compare_digest(given, wanted))
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        return signed, None
    return signed, at if at.tzinfo else None


def _jira(secret: str, headers: Headers, body: bytes) -> tuple[bytes, datetime | None]:
    wanted = "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()
    given = headers.get("x-hub-signature", "").encode()
    _require(hmac.compare_digest(given, wanted.encode()))
    at = _document(body).get("timestamp")
    return body, _of_seconds(str(at // 1000)) if isinstance(at, int) else None


def _require(fits: bool) -> None:
    if not fits:
        raise NotSignedIn


def _key(secret: str) -> bytes:
    try:
        return b64decode(secret.removeprefix("whsec_"), validate=True)
    except (NotBase64Error, ValueError):
        return secret.encode()


def _of_seconds(text: str) -> datetime | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return None
    return datetime.fromtimestamp(int(text), tz=UTC)


def _document(body: bytes) -> dict[str, Any]:
    found = from_json(body, dict[str, Any])
    return dict(found)


def _plain(document: Mapping[str, Any]) -> Told:
    return _text(document.get("ticket")), _text(document.get("status")).casefold() in OVER


def _of_zendesk(document: Mapping[str, Any]) -> Told:
    """An event of theirs, or the body of a trigger as our guide writes it."""
    detail = document.get("detail")
    if not isinstance(detail, dict):
        return _plain({**document, "ticket": document.get("ticket_id")})
    kind = _text(document.get("type"))
    # What the status became, where that is what the event is about; else what it is.
    became = kind.endswith("ticket.status_changed") and _part(document, "event").get("current")
    status = _text(became or detail.get("status")).casefold()
    closed = status in _OVER_AT_ZENDESK or kind.endswith(_GONE_AT_ZENDESK)
    return _text(detail.get("id")), closed


def _of_jira(document: Mapping[str, Any]) -> Told:
    issue = _part(document, "issue")
    status = _part(_part(issue, "fields"), "status")
    done = _text(_part(status, "statusCategory").get("key")).casefold() in OVER
    gone = document.get("webhookEvent") == "jira:issue_deleted"
    return _text(issue.get("key")), done or gone


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""


_SIGNED: Mapping[TicketShape, Callable[[str, Headers, bytes], tuple[bytes, datetime | None]]] = {
    TicketShape.STANDARD: _standard,
    TicketShape.ZENDESK: _zendesk,
    TicketShape.JIRA: _jira,
}
_TOLD: Mapping[TicketShape, Callable[[Mapping[str, Any]], Told]] = {
    TicketShape.STANDARD: _plain,
    TicketShape.ZENDESK: _of_zendesk,
    TicketShape.JIRA: _of_jira,
}

"""The ticket for which somebody works as a user, and what is sent when it is closed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_NAMES = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")


class TicketShape(StrEnum):
    """How a help desk says that a ticket changed. Stable: it is stored."""

    STANDARD = "standard"
    ZENDESK = "zendesk"
    JIRA = "jira"


@dataclass(frozen=True, kw_only=True)
class TicketHook:
    """From which help desk an application hears of closed tickets, and what it signs with."""

    shape: TicketShape
    secret: str = field(repr=False)
    set_at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketNews:
    """What a signed message says: of which ticket, and whether it is closed by now.

    ``digest`` tells the message from every other one.
    """

    ticket: str
    closed: bool
    digest: bytes


def is_about(written: str | None, ticket: str) -> bool:
    """Whether ``written``, as an agent typed or pasted it, names ``ticket``.

    An address, a mark before a number and other words do not matter: to end a session for a ticket
    that somebody else's text mentions costs less than to leave one that is closed.
    """
    wanted = ticket.casefold()
    names = [name.casefold() for name in _NAMES.findall(written or "")]
    if wanted.isdecimal():
        names += [name.rpartition("-")[2] for name in names]
    return wanted in names

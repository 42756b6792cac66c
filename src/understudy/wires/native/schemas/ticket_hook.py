"""From which help desk an application hears of closed tickets."""

from __future__ import annotations

from typing import Annotated

import msgspec

from understudy.core.governance.tickets import TicketShape
from understudy.http.shapes import Answer, Input, Time


class SetTicketHook(Input, frozen=True, kw_only=True):
    """Whose messages they are. Zendesk makes a secret of its own: give that one."""

    shape: TicketShape
    secret: Annotated[str, msgspec.Meta(min_length=16, max_length=255)] | None = None


class TicketHookAnswer(Answer, frozen=True, kw_only=True):
    """The hook; its secret is told to nobody again. Without ``shape`` there is none."""

    shape: TicketShape | None
    path: str
    set_at: Time | None


class TicketHookSecret(Answer, frozen=True, kw_only=True):
    """The hook with its secret, shown this once."""

    shape: TicketShape
    path: str
    set_at: Time
    secret: str


class TicketNewsTaken(Answer, frozen=True, kw_only=True):
    """How many grants were withdrawn; their sessions ended with them."""

    withdrawn: int


class ReadTicketNews(Input, frozen=True, kw_only=True):
    """A message as the help desk would send it, to see what is read in it."""

    message: Annotated[str, msgspec.Meta(min_length=2, max_length=100_000)]


class TicketNewsRead(Answer, frozen=True, kw_only=True):
    """Which ticket it is about, whether that is over, and how many grants stand on it now."""

    ticket: str
    closed: bool
    grants: int

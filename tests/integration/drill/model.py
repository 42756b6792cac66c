"""What the log must show, kept by whoever watches the four, and not read from the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

TOKEN_LIFE = timedelta(seconds=60)
GRANT_LIFE = timedelta(minutes=15)
IDLE = timedelta(minutes=10)

AGENT, NAMED = "agent", "named"
ORDINARY, ABOVE = ("ada", "bob"), ("root", "boss")


@dataclass(kw_only=True)
class Ticket:
    """A grant that somebody was given, with its token where its asker got one."""

    id: str
    owner: str
    subject: str
    actor_id: str
    minutes: int
    scope: str
    made: datetime
    token: str | None = None
    used: str | None = None
    cancelled: bool = False


@dataclass(kw_only=True)
class Open:
    """A session that somebody opened."""

    id: str
    ticket: Ticket
    token: str
    ends_at: datetime
    touched: datetime


@dataclass
class Model:
    """What is so by the rules: who may what, what lives, and what is over for good."""

    protected: set[str] = field(default_factory=lambda: {"root"})
    off: bool = False
    agent_works: bool = True
    agent_here: bool = True
    agent_may: bool = True
    tickets: list[Ticket] = field(default_factory=list)
    live: dict[str, Open] = field(default_factory=dict)
    over: dict[str, Open] = field(default_factory=dict)

    def may_ask(self, owner: str, subject: str) -> bool:
        """Whether a request with a good reason is granted."""
        if self.off or subject in self.protected or subject == "boss":
            return False
        return owner == NAMED or (self.agent_here and self.agent_may)

    def may_go_on(self, ticket: Ticket, now: datetime) -> bool:
        """Whether a session may come of a ticket that was never used."""
        fresh = now < ticket.made + GRANT_LIFE and not ticket.cancelled and ticket.used is None
        nested = ticket.owner == NAMED and self.works_as(ticket.actor_id)
        return fresh and not nested and self.may_ask(ticket.owner, ticket.subject)

    def works_as(self, subject: str) -> bool:
        """Whether somebody works as that user."""
        return any(one.ticket.subject == subject for one in self.live.values())

    def end(self, ids: set[str]) -> set[str]:
        """These are over from now on; answers those that were not."""
        ended = {one for one in ids if one in self.live}
        for one in ended:
            self.over[one] = self.live.pop(one)
        return ended

    def end_where(self, *, owner: str | None = None, subject: str | None = None) -> set[str]:
        """Whatever is of that owner or subject is over; of neither, all is."""
        return self.end(
            {
                one.id
                for one in self.live.values()
                if owner in (None, one.ticket.owner) and subject in (None, one.ticket.subject)
            }
        )

    def pass_time(self, now: datetime) -> set[str]:
        """Whose time, or idle time, has run out by ``now`` is over."""
        gone = {one.id for one in self.live.values() if now >= min(one.ends_at, one.touched + IDLE)}
        return self.end(gone)

    def cancel_waiting(self, *, owner: str | None = None) -> None:
        """What waits of that owner, or at all, comes to nothing."""
        for one in self.tickets:
            if owner in (None, one.owner) and one.used is None:
                one.cancelled = True

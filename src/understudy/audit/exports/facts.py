"""What an entry says, put together again from its two halves, for those who translate it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Self

from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.event_sets import KINDS
from understudy.core.notices.events import PartyKind
from understudy.core.notices.kinds import EventKind, Kinds
from understudy.core.ports import Entry
from understudy.core.times import to_ms

Half = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where entries come from: the log's name, and the version that translates them."""

    origin: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody or something in an entry. Once forgotten, only our own reference is left.

    Of whom ``taken_over`` is true, nobody had confirmed by then that they own their account.
    """

    kind: str | None
    ref: str | None
    id: str | None
    email: str | None
    name: str | None
    taken_over: bool = False

    @property
    def known_as(self) -> str:
        """The id that the application or we give them; never empty."""
        return self.id or self.ref or self.name or self.kind or "unknown"

    @property
    def called(self) -> str:
        """What people call them, as far as it is known."""
        return self.name or self.email or self.known_as


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One entry, flat. ``erased`` names the halves that are gone.

    ``doer`` is None when the actor did it: ``by`` is whoever did.
    ``ip`` is ``address`` where that is one: proxies and callers put other words there.
    """

    index: int
    time: datetime
    type: str
    kind: EventKind
    application_id: str | None
    actor: Person | None
    doer: Person | None
    subject: Person | None
    organization: Person | None
    grant_id: str | None
    session_id: str | None
    outcome: str | None
    rule: str | None
    reason: str | None
    ticket: str | None
    address: str | None
    ip: str | None
    user_agent: str | None
    action_id: str | None
    method: str | None
    route: str | None
    path: str | None
    status: int | None
    duration_ms: int | None
    details: Half
    erased: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry, kinds: Kinds = KINDS) -> Self:
        """The facts of an entry, erased or not, and of whatever type."""
        core: Half = entry.core or {}
        personal: Half = entry.personal or {}
        halves = (("core", entry.core), ("personal", entry.personal))
        return cls(
            index=entry.index,
            time=entry.time,
            type=entry.type,
            kind=kinds.of(entry.type),
            application_id=core.get("application_id"),
            actor=_person("actor", core, personal, core.get("actor_kind")),
            doer=_person("doer", core, personal, core.get("doer_kind")),
            subject=_person("subject", core, personal, _subject_kind(core)),
            organization=_person("organization", core, personal, PartyKind.ORGANIZATION),
            grant_id=core.get("grant_id"),
            session_id=core.get("session_id"),
            outcome=core.get("outcome"),
            rule=core.get("rule"),
            reason=personal.get("reason"),
            ticket=personal.get("ticket"),
            address=personal.get("address"),
            ip=_ip(personal.get("address")),
            user_agent=personal.get("user_agent"),
            action_id=core.get("action_id"),
            method=core.get("method"),
            route=core.get("route"),
            path=personal.get("path"),
            status=core.get("status"),
            duration_ms=core.get("duration_ms"),
            details=core.get("details") or {},
            erased=tuple(name for name, half in halves if half is None),
        )

    @property
    def by(self) -> Person | None:
        """Who did it; address and user agent are theirs."""
        return self.doer or self.actor

    @property
    def time_ms(self) -> int:
        """Milliseconds since 1970."""
        return to_ms(self.time)

    @property
    def cause(self) -> str | None:
        """Why it went as it did: the rule that refused, or the cause of a session's end."""
        cause = self.rule or self.details.get("cause")
        return None if cause is None else str(cause)

    @property
    def warning(self) -> str | None:
        """In words, of whom it was in doubt at the time that they own their account."""
        doubted = [
            role
            for role, one in (("actor", self.actor), ("doer", self.doer))
            if one is not None and one.taken_over
        ]
        if not doubted:
            return None
        who = " and ".join(f"the {role}'s" for role in doubted)
        return f"Taken over by a fresh link, and not confirmed by its owner: {who} account."

    @property
    def alarming(self) -> bool:
        """True for what somebody should look at the same day."""
        return self.kind.alert


def present(facts: Mapping[str, Any]) -> dict[str, Any]:
    """``facts`` without what is unknown: None, and objects and lists of which nothing is left."""
    return {name: value for name, value in facts.items() if value not in (None, {}, [])}


def _person(role: str, core: Half, personal: Half, kind: str | None) -> Person | None:
    found = Person(
        kind=kind,
        ref=core.get(f"{role}_ref"),
        id=personal.get(f"{role}_id"),
        email=personal.get(f"{role}_email"),
        name=personal.get(f"{role}_name"),
        taken_over=core.get(f"{role}_taken_over") is True,
    )
    named = any((found.ref, found.id, found.email, found.name))
    return found if named or (role in ("actor", "doer") and kind) else None


def _subject_kind(core: Half) -> str:
    # An entry about the team is about an operator.
    ref = str(core.get("subject_ref", ""))
    return PartyKind.OPERATOR if ref.startswith(IdPrefix.OPERATOR) else PartyKind.SUBJECT


def _ip(address: str | None) -> str | None:
    """The address in its one spelling; one with a zone means nothing elsewhere (RFC 4007)."""
    try:
        return None if address is None or "%" in address else str(ip_address(address))
    except ValueError:
        return None

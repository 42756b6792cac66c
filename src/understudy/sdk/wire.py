"""The service's JSON, read strictly: exact types, no duplicate keys, times with a zone.

Unknown fields are ignored, since a newer service may add some. The names are those of
``wires/native/schemas/impersonations.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

from understudy.core.impersonation.restrictions import BlockedAction, Restrictions, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.redaction.lifted import Lifted, Shown
from understudy.core.redaction.rules import NOTHING_HIDDEN, Deed, Redaction, RedactionRule, RuleKind
from understudy.errors import Refused, Unavailable
from understudy.sdk.asks import WAITS, Ask, Granted
from understudy.sdk.held_blocks import HeldBlocks
from understudy.sdk.redaction.loading import rulings_of
from understudy.sdk.secret import Secret
from understudy.sdk.values import (
    ActiveSession,
    Actor,
    Minted,
    Opened,
    Organization,
    RecordedAction,
    Subject,
    Wire,
)

T = TypeVar("T")
_CAUSES = frozenset(EndCause)


class Fields:
    """A JSON object whose members are taken by name and exact type."""

    __slots__ = ("_members",)

    def __init__(self, members: object) -> None:
        if not isinstance(members, dict):
            raise _unreadable("an object was expected")
        self._members: dict[str, object] = members

    def text(self, name: str) -> str:
        """A string."""
        return self._exactly(name, str)

    def number(self, name: str) -> int:
        """A whole number; true and false are none."""
        return self._exactly(name, int)

    def optional_text(self, name: str) -> str | None:
        """A string, or None for null and for nothing."""
        return None if self._members.get(name) is None else self.text(name)

    def optional_number(self, name: str) -> int | None:
        """A whole number, or None for null and for nothing."""
        return None if self._members.get(name) is None else self.number(name)

    def optional_truth(self, name: str) -> bool | None:
        """True or false, or None for null and for nothing."""
        return None if self._members.get(name) is None else self._exactly(name, bool)

    def time(self, name: str) -> datetime:
        """An RFC 3339 time (section 5.6), whose zone must be there."""
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError:
            raise _unreadable(name) from None
        if moment.tzinfo is None:
            raise _unreadable(name)
        return moment.astimezone(UTC)

    def object(self, name: str) -> Fields:
        """A nested object."""
        return Fields(self._members.get(name))

    def optional_object(self, name: str) -> Fields | None:
        """A nested object, or None for null and for nothing."""
        return None if self._members.get(name) is None else self.object(name)

    def objects(self, name: str) -> list[Fields]:
        """A list of objects."""
        return [Fields(member) for member in self._exactly(name, list)]

    def optional_objects(self, name: str) -> list[Fields]:
        """A list of objects; none for null and for nothing."""
        return [] if self._members.get(name) is None else self.objects(name)

    def truth(self, name: str) -> bool:
        """True or false."""
        return self._exactly(name, bool)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        members: list[object] = self._exactly(name, list)
        if not all(isinstance(member, str) for member in members):
            raise _unreadable(name)
        return tuple(str(member) for member in members)

    def _exactly(self, name: str, kind: type[T]) -> T:
        value = self._members.get(name)
        if type(value) is not kind:
            raise _unreadable(name)
        return value


def read_members(body: bytes) -> dict[str, Any]:
    """The members of a JSON object, as a page or a script is shown them.

    :raises Unavailable: it is none.
    """
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict):
        raise _unreadable("an object was expected")
    return members


def read_object(body: bytes | str) -> Fields:
    """The JSON object in ``body``.

    :raises Unavailable: it is not one, or not one that everybody reads alike.
    """
    try:
        return Fields(json.loads(body, object_pairs_hook=_unique, parse_constant=_no_constant))
    except (ValueError, RecursionError):
        raise _unreadable("not JSON") from None


def print_ask(ask: Ask) -> bytes:
    """The body that asks for an impersonation; absent facts are left out.

    The SDK exchanges the token itself, whatever the application's hand-off is.
    """
    actor = {
        "id": ask.actor.id,
        "email": ask.actor.email,
        "name": ask.actor.name,
        # An older service knows none, and is asked as it was where there are none.
        "groups": list(ask.actor.groups) or None,
    }
    body = {
        "actor": {name: value for name, value in actor.items() if value is not None},
        "subject_id": ask.subject_id,
        "reason": ask.reason,
        "ticket": ask.ticket,
        "minutes": ask.minutes,
        "scope": ask.scope,
        "wire": Wire.NATIVE,
    }
    return json.dumps({name: value for name, value in body.items() if value is not None}).encode()


_PENDING = "pending"


def read_granted(body: bytes) -> Granted:
    """The answer to an impersonation request.

    :raises Refused: it waits until others agree; asked again after that, it brings the token.
    :raises Unavailable: it cannot be understood, or brings no token.
    """
    fields = read_object(body)
    grant = fields.object("grant")
    if grant.optional_text("status") == _PENDING:
        raise Refused(WAITS, rule="approval_missing")
    return Granted(
        grant_id=grant.text("id"),
        token=Secret(fields.text("impersonation_token")),
        origin=grant.optional_text("origin"),
    )


def read_held(body: bytes, held: HeldBlocks | None) -> tuple[Opened, HeldBlocks | None]:
    """The answer to an exchange or a refresh, and the list of blocked actions to be held, unless a
    service of before does not name it.

    ``held`` is the list that the service was told of with this very call.

    :raises Unavailable: it cannot be understood, or leaves out a list that was not named.
    """
    fields = read_object(body)
    opened = _opened(fields, held)
    digest = fields.object("restrictions").optional_text("blocked_digest")
    actions = opened.session.restrictions.blocked_actions
    return opened, HeldBlocks(digest, actions) if digest is not None else None


def _opened(fields: Fields, held: HeldBlocks | None) -> Opened:
    return Opened(
        session=_session(fields, held),
        session_token=Secret(fields.text("session_token")),
        lease_expires_at=fields.time("lease_expires_at"),
        server_time=fields.time("server_time"),
        log_index=fields.number("log_index"),
        return_to=fields.optional_text("return_to"),
        told_as=fields.optional_text("told_as"),
    )


def read_minted(body: bytes) -> list[Minted]:
    """What is to be revoked.

    :raises Unavailable: it cannot be understood.
    """
    return [
        Minted(
            id=one.text("id"),
            session_id=one.text("session_id"),
            kind=one.text("kind"),
            reference=one.text("reference"),
        )
        for one in read_object(body).objects("items")
    ]


def read_logged(body: bytes) -> bool:
    """Whether the log has the ending that this answers; services of before say nothing of it.

    :raises Unavailable: it cannot be understood.
    """
    return read_object(body).optional_truth("logged") is not False


def read_cause(text: str | None) -> EndCause | None:
    """The cause that ``text`` names; None for one that a newer service invented."""
    return EndCause(text) if text is not None and text in _CAUSES else None


def print_actions(actions: Iterable[RecordedAction]) -> bytes:
    """The body that records ``actions``; absent facts are left out."""
    rows = []
    for action in actions:
        row = {name: value for name, value in action._asdict().items() if value is not None}
        row["at"] = action.at.isoformat()
        rows.append(row)
    text = json.dumps({"actions": rows}, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")  # a lone surrogate has no bytes


def _session(fields: Fields, held: HeldBlocks | None) -> ActiveSession:
    session, subject = fields.object("session"), fields.object("subject")
    return ActiveSession(
        id=session.text("id"),
        grant_id=session.text("grant_id"),
        application_id=session.text("application_id"),
        actor=_actor(session.object("actor")),
        subject=Subject(
            id=subject.text("id"),
            email=subject.optional_text("email"),
            name=subject.optional_text("name"),
            roles=subject.texts("roles"),
        ),
        organization=_organization(fields.optional_object("organization")),
        reason=session.text("reason"),
        ticket=session.optional_text("ticket"),
        restrictions=_restrictions(fields.object("restrictions"), held),
        started_at=session.time("started_at"),
        ends_at=session.time("ends_at"),
        idle_ends_at=session.time("idle_ends_at"),
        last_active_at=session.time("last_active_at"),
        origin=session.optional_text("origin"),
    )


def _actor(fields: Fields) -> Actor:
    return Actor(
        kind=fields.text("kind"),
        id=fields.text("id"),
        email=fields.optional_text("email"),
        name=fields.optional_text("name"),
    )


def _organization(fields: Fields | None) -> Organization | None:
    if fields is None:
        return None
    return Organization(id=fields.text("id"), name=fields.optional_text("name"))


def _restrictions(fields: Fields, held: HeldBlocks | None) -> Restrictions:
    scope = fields.text("scope")
    if scope not in Scope.__members__.values():
        # A scope that this version does not know cannot be enforced by it.
        raise _unreadable("scope")
    return Restrictions(
        scope=Scope(scope),
        blocked_actions=_blocked_actions(fields, held),
        redaction=_redaction(fields.optional_object("redaction")),
        # Of a service of before nobody can ask for anything.
        unlocks=fields.optional_truth("unlocks") is True,
        reveals=tuple(_shown(one, "until") for one in fields.optional_objects("reveals")),
    )


def read_shown(body: bytes) -> Shown:
    """What is shown from now on, for a while.

    :raises Unavailable: it cannot be understood.
    """
    return _shown(read_object(body), "expires_at")


def _shown(fields: Fields, until: str) -> Shown:
    lifted = Lifted(kind=fields.text("kind"), match=fields.text("match"), path=fields.text("path"))
    return Shown(lifted=lifted, until=fields.time(until))


def _blocked_actions(fields: Fields, held: HeldBlocks | None) -> tuple[BlockedAction, ...]:
    digest, listed = fields.optional_text("blocked_digest"), fields.objects("blocked_actions")
    if digest is not None and not listed:
        # Left out, as we have it; what we do not have is not taken for nothing.
        if held is None or held.digest != digest:
            raise _unreadable("blocked_digest")
        return held.actions
    return tuple(
        BlockedAction(
            method=action.text("method"), pattern=action.text("pattern"), label=action.text("label")
        )
        for action in listed
    )


def _redaction(fields: Fields | None) -> Redaction:
    """What is hidden; services of before hide nothing."""
    if fields is None:
        return NOTHING_HIDDEN
    try:
        redaction = Redaction(
            secrets=fields.optional_truth("secrets") is True,
            rules=tuple(
                RedactionRule(
                    kind=RuleKind(rule.text("kind")),
                    match=rule.text("match"),
                    deed=Deed(rule.text("deed")),
                    revealable=rule.optional_truth("revealable") is True,
                )
                for rule in fields.objects("rules")
            ),
            open_routes=fields.texts("open_routes"),
        )
    except ValueError:
        # What this version cannot hide is not served by it.
        raise _unreadable("redaction") from None
    rulings_of(redaction)
    return redaction


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _unreadable("a key twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise _unreadable(name)


def _unreadable(what: str) -> Unavailable:
    return Unavailable(internal=f"the service's answer could not be read: {what}")

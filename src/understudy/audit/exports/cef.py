r"""An entry as one line of ArcSight's Common Event Format (CEF), version 0.

In the header ``\`` and ``|`` are escaped, in the values of the extension ``\`` and ``=``, and the
end of a line is written ``\n`` there. Everything else that could break or command what reads the
line is taken out.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address

from understudy.audit.exports.facts import Facts, Source
from understudy.core.notices.events import Outcome
from understudy.core.notices.kinds import Topic

_NORMAL, _REFUSED, _ALARM = 3, 6, 9
_STARTED = 5
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the text around: what is read would not be what is written."""

Field = tuple[str, str | int | None]


def cef_line(facts: Facts, source: Source) -> bytes:
    """The line, with its end."""
    header = (
        "CEF:0",
        "Understudy",
        "Understudy",
        source.version,
        facts.type,
        facts.kind.title,
        str(_severity(facts)),
    )
    named = [(name, value) for name, value in _extension(facts) if value not in (None, "")]
    extension = " ".join(f"{name}={_escape_value(str(value))}" for name, value in named)
    return f"{'|'.join(map(_escape_header, header))}|{extension}\n".encode()


def printable(text: str) -> str:
    r"""``text`` with ``\n`` as its only control character, and no marks that turn it around."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in plain if char == "\n" or not _commands(char))


def _commands(char: str) -> bool:
    return char in _TURNING or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _escape_header(text: str) -> str:
    plain = printable(text).replace("\n", " ")
    return plain.replace("\\", "\\\\").replace("|", "\\|")


def _escape_value(text: str) -> str:
    escaped = printable(text).replace("\\", "\\\\").replace("=", "\\=")
    return escaped.replace("\n", "\\n")


def _severity(facts: Facts) -> int:
    if facts.alarming:
        return _ALARM
    if facts.outcome not in (None, Outcome.OK):
        return _REFUSED
    return _STARTED if facts.kind.topic is Topic.SESSIONS else _NORMAL


def _extension(facts: Facts) -> Iterator[Field]:
    """The fields, in their order; those without a value are left out."""
    yield "rt", facts.time_ms
    yield "externalId", facts.index
    yield "act", facts.type
    yield "outcome", facts.outcome
    yield "reason", facts.reason or facts.cause
    yield "msg", facts.warning
    if facts.by is not None:
        yield "suser", facts.by.email or facts.by.called
        yield "suid", facts.by.known_as
    if facts.subject is not None:
        yield "duser", facts.subject.email or facts.subject.called
        yield "duid", facts.subject.known_as
    yield from _vouched(facts)
    yield from _address(facts)
    yield "requestMethod", facts.method
    yield "request", facts.path
    yield "requestClientApplication", facts.user_agent
    yield from _labelled("cn1", "leafIndex", facts.index)
    yield from _labelled("cn2", "status", facts.status)
    yield from _labelled("cn3", "durationMs", facts.duration_ms)
    yield from _labelled("cs1", "session", facts.session_id)
    yield from _labelled("cs2", "grant", facts.grant_id)
    yield from _labelled("cs3", "application", facts.application_id)
    yield from _labelled("cs4", "ticket", facts.ticket)
    yield from _labelled("cs5", "rule", facts.rule)
    yield from _labelled("cs6", "details", _details(facts))


def _vouched(facts: Facts) -> Iterator[Field]:
    """Who vouches for the user who did it, and whose session or grant it is if not theirs.

    An address that an application made up would otherwise read like an operator's.
    """
    if facts.by is not None:
        yield from _labelled("flexString1", "actorKind", facts.by.kind)
    if facts.doer is not None and facts.actor is not None:
        actor = facts.actor
        told = f"{actor.email or actor.called} ({actor.known_as}, {actor.kind})"
        yield from _labelled("flexString2", "sessionActor", told)


def _address(facts: Facts) -> Iterator[Field]:
    if facts.ip is None:
        yield "shost", facts.address
    elif isinstance(ip_address(facts.ip), IPv4Address):
        yield "src", facts.ip
    else:
        yield from _labelled("c6a2", "Source IPv6 Address", facts.ip)


def _labelled(name: str, label: str, value: str | int | None) -> Iterator[Field]:
    if value not in (None, ""):
        yield f"{name}Label", label
        yield name, value


def _details(facts: Facts) -> str | None:
    said = dict(facts.details)
    if facts.erased:
        said["erased"] = " ".join(facts.erased)
    return json.dumps(said, ensure_ascii=False, sort_keys=True) if said else None

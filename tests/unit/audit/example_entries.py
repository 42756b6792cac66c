"""Entries as a store would read them, and hostile text to put into them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from understudy.audit.entries.leaf import canonical_json, parse_payload
from understudy.audit.exports.facts import Facts, Source
from understudy.core.ids import GrantId, SessionId
from understudy.core.notices.events import Action, Event, EventType, Outcome, Party, PartyKind
from understudy.core.ports import Entry

AT = datetime(2026, 11, 22, 9, 30, 0, 123_000, tzinfo=UTC)
AT_MS = 1_795_339_800_123
SOURCE = Source(origin="understudy.local/log", version="0.1.0")

SAM = Party(
    kind=PartyKind.OPERATOR, ref="opr_1", id="opr_1", email="sam@support.example", name="Sam Ortiz"
)
ADA = Party(
    kind=PartyKind.SUBJECT, ref="sub_1", id="user-1017", email="ada@acme.example", name="Ada Lovett"
)
ACME = Party(kind=PartyKind.ORGANIZATION, ref="org_1", id="acme", name="Acme")
STARTED = Event(
    type=EventType.SESSION_STARTED,
    application_id="app_1",
    actor=SAM,
    subject=ADA,
    organization=ACME,
    grant_id=GrantId("grt_1"),
    session_id=SessionId("ses_1"),
    reason="Cannot see the invoice",
    ticket="HELP-9",
    address="203.0.113.7",
    user_agent="Mozilla/5.0",
    details={"minutes": 30},
)


def action(method: str = "POST", **changes: Any) -> Action:
    """A request to /notes/7."""
    ready: dict[str, Any] = {
        "id": "a1b2c3d4",
        "method": method,
        "route": "/notes/{id}",
        "path": "/notes/7",
        "status": 201,
        "duration_ms": 38,
    }
    return Action(**(ready | changes))


def entry(event: Event, *, index: int = 41, without: tuple[str, ...] = ()) -> Entry:
    """``event`` as it comes back from the log, the halves named in ``without`` erased."""
    core = parse_payload(canonical_json(event.core_payload() | {"outcome": event.outcome.value}))
    personal = parse_payload(canonical_json(event.personal_payload()))
    return Entry(
        index=index,
        time=AT,
        type=event.type,
        leaf=b'{"leaf":1}',
        core=None if "core" in without else core,  # type: ignore[arg-type]
        personal=None if "personal" in without else personal,  # type: ignore[arg-type]
    )


def facts(event: Event, **options: Any) -> Facts:
    """What the entry of ``event`` says."""
    return Facts.of(entry(event, **options))


HOSTILE = st.lists(
    st.one_of(
        st.sampled_from("\\|=\n\r\t\0\x1b\x7f\x85\u2028\u2029\u202e\u200f\ufeff\"' ,;%{}<>"),
        st.sampled_from(["CEF:0|", " act=", "\\n", "\\=", "\r\n", " rt=1 "]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=25,
).map("".join)
"""Text that would break a line, a field or a terminal."""


def hostile_events() -> st.SearchStrategy[Event]:
    """Events of every type whose every text is hostile."""
    text = st.none() | HOSTILE
    parties = st.builds(
        Party, kind=st.sampled_from(PartyKind), ref=text, id=text, email=text, name=text
    )
    actions = st.builds(
        Action,
        id=HOSTILE,
        method=HOSTILE,
        route=text,
        path=HOSTILE,
        status=st.none() | st.integers(100, 599),
        duration_ms=st.none() | st.integers(0, 10**9),
    )
    return st.builds(
        Event,
        type=st.sampled_from(EventType),
        application_id=text,
        actor=st.none() | parties,
        doer=st.none() | parties,
        subject=st.none() | parties,
        organization=st.none() | parties,
        grant_id=text,
        session_id=text,
        outcome=st.sampled_from(Outcome),
        rule=text,
        reason=text,
        ticket=text,
        address=text | st.ip_addresses().map(str),
        user_agent=text,
        action=st.none() | actions,
        details=st.dictionaries(HOSTILE, HOSTILE | st.integers(-5, 5) | st.booleans(), max_size=3),
    )


ERASED = st.sampled_from([(), ("core",), ("personal",), ("core", "personal")])

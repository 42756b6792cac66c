from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fixtures.engine import Installation, installation
from tests.fixtures.refusals import refusal_of
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.notices.receivers import NOTHING_INTERNAL
from understudy.core.people.mail import MailServer, MailTls
from understudy.core.ports import Entry, EntryFilter
from understudy.errors import InvalidInput, KeyMismatch
from understudy.flows.notices.mail_server import (
    mail_server,
    remove_mail_server,
    set_mail_server,
)
from understudy.flows.origin import Origin

SERVER = MailServer(
    host="smtp.example.com",
    port=587,
    tls=MailTls.STARTTLS,
    sender="understudy@example.com",
    user="understudy",
    password="s3cret",
)
WITHOUT = replace(SERVER, password=None)
KEPT = replace(SERVER, set_by=SYSTEM.kind)


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        yield made


def put(found: Installation, server: MailServer = SERVER) -> MailServer:
    return found.engine.run(
        lambda unit: set_mail_server(
            unit, server, internal=NOTHING_INTERNAL, by=SYSTEM, origin=Origin()
        )
    )


def remove(found: Installation) -> None:
    found.engine.run(lambda unit: remove_mail_server(unit, by=SYSTEM, origin=Origin()))


def kept(found: Installation) -> MailServer | None:
    with found.engine.reading() as reader:
        return mail_server(reader, found.engine.vault)


def entries(found: Installation, kind: EventType) -> list[Entry]:
    with found.engine.reading() as reader:
        return list(reader.entries.search(EntryFilter(types=frozenset({kind}))))


def test_a_server_is_kept_encrypted_and_told_without_user_and_password(
    found: Installation,
) -> None:
    assert kept(found) is None
    assert put(found) == KEPT
    assert kept(found) == KEPT
    with found.engine.reading() as reader:
        text = b64decode(reader.meta.get("mail_server") or "")
    assert b"s3cret" not in text
    assert b"smtp.example.com" not in text
    (entry,) = entries(found, EventType.MAIL_SERVER_SET)
    assert entry.core is not None
    assert entry.core["details"] == {
        "mail_host": "smtp.example.com",
        "mail_port": 587,
        "mail_tls": "starttls",
        "mail_user": True,
    }


def test_nothing_is_sent_any_more_once_it_is_removed(found: Installation) -> None:
    remove(found)
    assert entries(found, EventType.MAIL_SERVER_REMOVED) == []
    put(found)
    remove(found)
    remove(found)
    assert kept(found) is None
    assert len(entries(found, EventType.MAIL_SERVER_REMOVED)) == 1


def test_a_password_stays_where_it_goes_to_the_same_place(found: Installation) -> None:
    put(found)
    assert put(found, replace(WITHOUT, sender="other@example.com")).password == "s3cret"
    for elsewhere in ({"host": "evil.example.com"}, {"port": 25}, {"user": "eve"}):
        with refusal_of(InvalidInput, "invalid_input", field="password"):
            put(found, replace(WITHOUT, **elsewhere))
    assert put(found, replace(WITHOUT, user=None)).password is None


def test_what_somebody_else_wrote_is_no_server(found: Installation) -> None:
    put(found)
    forged = b64encode(b"\x01" + bytes(60)).decode()
    found.engine.run(lambda unit: unit.meta.put("mail_server", forged))
    with pytest.raises(KeyMismatch):
        kept(found)

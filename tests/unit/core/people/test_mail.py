from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.core.notices.receivers import NOTHING_INTERNAL, InternalTargets
from understudy.core.people.mail import MailServer, MailTls, mailbox, require_mail_server
from understudy.errors import InvalidInput

INSIDE = InternalTargets.of(("relay", "10.0.0.0/8"))


def server(**changes: Any) -> MailServer:
    ready: dict[str, Any] = {
        "host": "smtp.example.com",
        "port": 587,
        "tls": MailTls.STARTTLS,
        "sender": "understudy@example.com",
        "user": "understudy",
        "password": "s3cret",
    }
    return MailServer(**(ready | changes))


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("Kit@Support.example", "kit@support.example"),
        ("kit+tag@support.example", "kit+tag@support.example"),
        ("kit@bücher.example", "kit@xn--bcher-kva.example"),
        ("kit@support.example\r\nRCPT TO:<eve@evil.example>", None),
        ("kit@support.example, eve@evil.example", None),
        ("<kit@support.example>", None),
        ("kit@support.example>", None),
        ('"kit" @support.example', None),
        ("kit@support.example (or Eve)", None),
        ("kïm@support.example", None),
        ("kit@support.example.", None),
        ("kit", None),
        ("", None),
        (f"{'k' * 65}@support.example", None),
        (f"kit@{'s' * 251}.example", None),
    ],
)
def test_only_a_plain_address_is_written_to_a_mail_server(
    address: str, written: str | None
) -> None:
    assert mailbox(address) == written


def test_a_server_of_the_internet_is_good_by_tls_on_its_ports() -> None:
    for port in (25, 465, 587, 2525):
        require_mail_server(server(port=port), NOTHING_INTERNAL)
    require_mail_server(server(tls=MailTls.IMPLICIT, port=465), NOTHING_INTERNAL)
    require_mail_server(server(user=None, password=None), NOTHING_INTERNAL)


@pytest.mark.parametrize("host", ["relay", "10.1.2.3"])
def test_a_server_inside_is_good_where_somebody_has_named_it(host: str) -> None:
    plain = server(host=host, port=1025, tls=MailTls.NONE, user=None, password=None)
    require_mail_server(plain, INSIDE)
    assert plain.receiver(INSIDE).internal
    with refusal_of(InvalidInput, "invalid_input", field="host"):
        require_mail_server(plain, NOTHING_INTERNAL)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"port": 22}, "host"),
        ({"tls": MailTls.NONE, "user": None, "password": None}, "host"),
        ({"host": "localhost"}, "host"),
        ({"host": "127.0.0.1"}, "host"),
        ({"host": "[::1]"}, "host"),
        ({"host": "169.254.169.254"}, "host"),
        ({"host": "smtp.example.com/x"}, "host"),
        ({"sender": "Understudy <understudy@example.com>"}, "sender"),
        ({"sender": "understudy@example.com\r\nBcc: eve@evil.example"}, "sender"),
        ({"user": "under\nstudy"}, "user"),
        ({"password": "s3\ncret"}, "password"),
        ({"password": "pässword"}, "password"),
        ({"user": None}, "password"),
        ({"password": None}, "password"),
        ({"host": "relay", "tls": MailTls.NONE}, "tls"),
    ],
)
def test_a_server_that_does_not_make_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    internal = INSIDE if field == "tls" else NOTHING_INTERNAL
    with refusal_of(InvalidInput, "invalid_input", field=field):
        require_mail_server(server(**changes), internal)


@pytest.mark.parametrize(
    "changes", [{"host": "evil.example"}, {"port": 25}, {"tls": MailTls.IMPLICIT}, {"user": "eve"}]
)
def test_a_password_goes_nowhere_else_than_it_was_given_for(changes: dict[str, Any]) -> None:
    assert server(sender="other@example.com").takes_secrets_of(server())
    assert not server(**changes).takes_secrets_of(server())


def test_the_password_is_not_shown() -> None:
    assert "s3cret" not in repr(server())

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.mail import Post, mail_server
from tests.fixtures.ports import free_port
from tests.unit.cli.conftest import CommandLine
from understudy.cli import mail
from understudy.core.notices.events import EventType
from understudy.core.ports import EntryFilter

SECRET = "a password of the mail server's"
SET = ("mail", "set", "smtp.example.com", "--sender", "understudy@example.com", "--user", "us")


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with mail_server() as made:
        monkeypatch.setenv("UNDERSTUDY_WEBHOOK_ALLOWED_HOSTS", "127.0.0.1")
        yield made


def test_a_password_is_read_from_standard_input_and_never_shown_or_stored_plain(
    empty: CommandLine,
) -> None:
    told = empty.run(*SET, "--password-stdin", "--json", stdin=f"{SECRET}\n")
    assert told.exit_code == 0, told.output
    assert SECRET not in told.output
    facts = {
        "host": "smtp.example.com",
        "port": 587,
        "tls": "starttls",
        "sender": "understudy@example.com",
        "user": "us",
    }
    assert empty.facts("mail", "show") == facts
    for path in empty.folder.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes()
    # Said once, it stays where it would go to the same place.
    assert empty.facts(*SET) == facts
    assert empty.refused(*SET, "--port", "25").endswith("[invalid_input]")


def test_whoever_sits_there_is_asked_for_the_password(
    empty: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def getpass(prompt: str) -> str:
        asked.append(prompt)
        return SECRET

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(mail, "getpass", getpass)
    monkeypatch.setattr(mail.sys, "stdin", Terminal())  # type: ignore[attr-defined]
    assert mail._password(from_stdin=False) == SECRET
    assert len(asked) == 1


def test_no_option_takes_the_password(empty: CommandLine) -> None:
    done = empty.run(*SET, "--password", SECRET)
    assert done.exit_code == 2
    assert "No such option" in done.output


def test_it_is_an_entry_of_whoever_runs_the_service(empty: CommandLine) -> None:
    empty.facts("mail", "set", "smtp.example.com", "--sender", "a@example.com")
    assert empty.facts("mail", "remove")["host"] is None
    empty.facts("mail", "remove")
    types = frozenset({EventType.MAIL_SERVER_SET, EventType.MAIL_SERVER_REMOVED})
    found = empty.do(lambda unit: unit.entries.search(EntryFilter(types=types)))
    assert [(one.type, (one.core or {})["actor_kind"]) for one in found] == [
        (EventType.MAIL_SERVER_REMOVED, "system"),
        (EventType.MAIL_SERVER_SET, "system"),
    ]


def test_a_test_says_whether_it_was_taken(empty: CommandLine, post: Post) -> None:
    assert empty.refused("mail", "test", "kim@example.com").endswith("[conflict]")
    plain = ("--tls", "none", "--sender", "understudy@example.com")
    empty.facts("mail", "set", "127.0.0.1", "--port", str(post.port), *plain)
    assert empty.facts("mail", "test", "Kim@example.com") == {"accepted": True, "status": 250}
    recipients, letter = post.taken()
    assert recipients == ["kim@example.com"]
    assert letter["Subject"] == "A test: Understudy"
    assert empty.refused("mail", "test", "kim@x\r\nBcc: all").endswith("[invalid_input]")


def test_a_server_that_takes_nothing_is_told(
    empty: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("UNDERSTUDY_WEBHOOK_ALLOWED_HOSTS", "127.0.0.1")
    plain = ("--tls", "none", "--sender", "understudy@example.com")
    empty.facts("mail", "set", "127.0.0.1", "--port", str(port), *plain)
    assert "could not be reached" in empty.refused("mail", "test", "kim@example.com")

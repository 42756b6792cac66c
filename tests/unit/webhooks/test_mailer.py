"""E-mail handed in at a real server, and at some that behave as none should."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from tests.fixtures.mail import Post, mail_server, parts
from tests.unit.core.factories import NOW
from tests.unit.webhooks.servers import certified
from understudy.core.notices.receivers import NOTHING_INTERNAL, InternalTargets
from understudy.core.people.mail import MailServer, MailTls
from understudy.webhooks.letters import trial
from understudy.webhooks.mailer import Mailer
from understudy.webhooks.sender import Answer

NAME = "mail.example"
KIT, LOU = "kit@support.example", "lou@support.example"
LETTER = bytes(trial("msg_1", NOW, "https://understudy.example"))
TALKATIVE = 0.02


def to(post_or_port: Post | int, **changes: Any) -> MailServer:
    port = post_or_port if isinstance(post_or_port, int) else post_or_port.port
    ready: dict[str, Any] = {
        "host": NAME,
        "port": port,
        "tls": MailTls.NONE,
        "sender": "understudy@support.example",
    }
    return MailServer(**(ready | changes))


def send(
    server: MailServer,
    *recipients: str,
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    internal: InternalTargets | None = None,
    seconds: float = 20.0,
) -> Answer:
    mailer = Mailer(
        internal=internal or InternalTargets.of((NAME,)),
        tls=tls,
        timer=time.monotonic,
        resolve=_here,
        seconds=seconds,
    )
    return mailer.send(server, recipients or (KIT,), LETTER)


def _here(host: str, port: int) -> Sequence[str]:
    assert host == NAME
    return ["127.0.0.1"]


@contextmanager
def silent_server(say: Callable[[socket.socket, Event], object]) -> Iterator[int]:
    """A port where ``say`` talks to whoever comes, until it is over."""
    listening, over = socket.create_server(("127.0.0.1", 0)), Event()

    def work() -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                say(connection, over)

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        over.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(20.0)


def test_what_is_handed_in_arrives_whole_and_names_no_recipient() -> None:
    with mail_server() as post:
        assert send(to(post), KIT, LOU) == Answer(status=250)
        recipients, letter = post.taken()
    assert recipients == [KIT, LOU]
    assert letter["From"] == "Understudy <understudy@support.example>"
    assert letter["To"] == "undisclosed-recipients:;"
    assert letter["Message-ID"] == "<msg_1@understudy.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert KIT not in str(letter)
    plain, html = parts(letter)
    assert "https://understudy.example" in plain
    assert '<a href="https://understudy.example">' in html


@pytest.mark.parametrize("mode", [MailTls.STARTTLS, MailTls.IMPLICIT])
def test_tls_is_begun_and_user_and_password_are_said_within(mode: MailTls, tmp_path: Path) -> None:
    server_tls, client_tls = certified(NAME, tmp_path)
    at_once = mode is MailTls.IMPLICIT
    with mail_server(tls=server_tls, at_once=at_once, password="s3cret") as post:
        server = to(post, tls=mode, user="understudy", password="s3cret")
        assert send(server, tls=lambda: client_tls) == Answer(status=250)
        assert post.taken()[0] == [KIT]
        (said,) = post.signed_in
        assert (said.login, said.password) == (b"understudy", b"s3cret")


def test_a_wrong_password_is_told_without_what_was_said(tmp_path: Path) -> None:
    server_tls, client_tls = certified(NAME, tmp_path)
    with mail_server(tls=server_tls, password="s3cret") as post:
        server = to(post, tls=MailTls.STARTTLS, user="understudy", password="wr0ng")
        answer = send(server, tls=lambda: client_tls)
    assert answer.status == 535
    assert answer.error == "The mail server takes neither user nor password, or not from here."


@pytest.mark.parametrize("mode", [MailTls.STARTTLS, MailTls.IMPLICIT])
def test_a_certificate_of_another_name_is_none(mode: MailTls, tmp_path: Path) -> None:
    server_tls, client_tls = certified("other.example", tmp_path)
    with mail_server(tls=server_tls, at_once=mode is MailTls.IMPLICIT) as post:
        answer = send(to(post, tls=mode), tls=lambda: client_tls)
        assert post.envelopes.empty()
    assert answer.status is None
    assert "certificate is not good" in (answer.error or "")


def test_without_the_tls_that_was_wanted_nothing_is_said() -> None:
    with mail_server() as post:
        answer = send(to(post, tls=MailTls.STARTTLS, user="understudy", password="s3cret"))
        assert post.envelopes.empty()
        assert post.signed_in == []
    assert answer.status is None
    assert "does not offer" in (answer.error or "")


def test_one_recipient_whom_the_server_takes_is_enough() -> None:
    with mail_server(refuses=frozenset({LOU})) as post:
        answer = send(to(post), KIT, LOU)
        assert post.taken()[0] == [KIT]
    assert answer == Answer(status=250, error="1 of 2 recipients were refused.")


def test_recipients_who_are_refused_are_not_quoted() -> None:
    with mail_server(refuses=frozenset({KIT, LOU})) as post:
        answer = send(to(post), KIT, LOU)
    assert answer == Answer(status=550, error="The mail server refused every recipient.")


def test_a_server_that_refuses_connections_is_told() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        answer = send(to(int(bound.getsockname()[1])))
    assert answer.error == "The mail server could not be reached: Connection refused"


def test_a_server_that_wants_nobody_is_told_by_its_code() -> None:
    def say(connection: socket.socket, over: Event) -> None:
        connection.sendall(b"554 go away, kit@support.example\r\n")

    with silent_server(say) as port:
        assert send(to(port)) == Answer(status=554, error="The mail server answered 554.")


def test_a_server_that_hangs_up_is_told() -> None:
    with silent_server(lambda connection, over: None) as port:
        assert send(to(port)).error == "The mail server hung up."


def test_a_server_that_says_nothing_is_left_in_time() -> None:
    with silent_server(lambda connection, over: over.wait(20.0)) as port:
        answer = send(to(port), seconds=0.3)
    assert answer.error == "The mail server had not taken it within 0.3 seconds."


def test_a_server_that_says_a_little_at_a_time_is_left_in_time() -> None:
    def say(connection: socket.socket, over: Event) -> None:
        connection.sendall(b"220-")
        while not over.wait(TALKATIVE):
            connection.sendall(b"a")

    with silent_server(say) as port:
        answer = send(to(port), seconds=0.5)
    assert answer.error == "The mail server had not taken it within 0.5 seconds."


def test_a_server_inside_that_nobody_named_is_not_reached() -> None:
    server = to(587, tls=MailTls.STARTTLS)
    answer = send(server, internal=NOTHING_INTERNAL)
    assert answer.error == "mail.example has the address 127.0.0.1, which is not public."


def test_nobody_is_written_to_as_nobody() -> None:
    with mail_server() as post:
        answer = send(to(post, sender="not an address"))
        assert post.envelopes.empty()
    assert answer.error == "There is nobody to write to, or nobody to write as."

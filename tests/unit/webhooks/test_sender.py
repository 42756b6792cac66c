from __future__ import annotations

import itertools
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from tests.integration.webhooks.receiver import Reaction, receiving
from tests.unit.webhooks.servers import BODY, SECONDS, Serve, certified, raw_server, says
from tests.unit.webhooks.test_network import FakeNetwork, Names
from understudy.core.notices.receivers import NOTHING_INTERNAL, InternalTargets
from understudy.webhooks.sender import MAX_ANSWER_BYTES, Answer, Sender

LOOPBACK = InternalTargets.of(["127.0.0.1", "hooks.example"])


def no_tls() -> ssl.SSLContext:
    raise AssertionError("plain http needs no certificates")


def sender(
    *,
    seconds: float = 15.0,
    timer: Callable[[], float] = time.monotonic,
    internal: InternalTargets = LOOPBACK,
) -> Sender:
    return Sender(
        internal=internal,
        tls=no_tls,
        timer=timer,
        resolve=Names(["127.0.0.1"]),
        seconds=seconds,
    )


@contextmanager
def answering(serve: Serve) -> Iterator[str]:
    with raw_server(serve) as port:
        yield f"http://127.0.0.1:{port}/"


def post(url: str, made: Sender | None = None) -> Answer:
    return (made or sender()).post(url, {"X-Kind": "test"}, BODY)


def test_what_is_sent_is_what_arrives_and_the_answer_comes_back() -> None:
    def react(_: object) -> Reaction:
        return Reaction(status=202, headers={"Retry-After": "7"}, body=b"thanks\x00 \xff")

    with receiving(react) as receiver:
        answer = post(receiver.url)
        received = receiver.next()
    assert answer == Answer(status=202, text="thanks\ufffd \ufffd", retry_after="7")
    assert (received.path, received.body) == ("/hooks?from=understudy", b"body")
    assert received.headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "user-agent": "Understudy-Webhooks/1",
        "x-kind": "test",
        "content-length": "4",
    }


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_nobody_follows_it(status: int) -> None:
    with receiving() as elsewhere:

        def react(_: object) -> Reaction:
            return Reaction(status=status, headers={"Location": elsewhere.url})

        with receiving(react) as receiver:
            assert post(receiver.url).status == status
        assert elsewhere.requests.empty()


def test_a_redirect_to_the_credentials_of_a_cloud_leads_nowhere() -> None:
    def react(_: object) -> Reaction:
        return Reaction(status=302, headers={"Location": "http://169.254.169.254/latest/"})

    with receiving(react) as receiver:
        assert post(receiver.url) == Answer(status=302, text="")


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        assert post(receiver.url).status == 204
        assert proxy.requests.empty()


def test_an_address_that_is_not_public_is_never_connected_to() -> None:
    network = FakeNetwork()
    made = Sender(
        internal=NOTHING_INTERNAL,
        tls=no_tls,
        timer=time.monotonic,
        resolve=Names(["10.0.0.1"]),
        network=network,
    )
    for url in ("http://127.0.0.1/", "https://localhost/", "https://[::ffff:127.0.0.1]/"):
        answer = post(url, made)
        assert answer.status is None
        assert answer.error is not None
        assert "A URL that is called from here" in answer.error
    assert network.asked == []


def test_a_name_with_a_private_address_is_an_error_that_says_so(tmp_path: Path) -> None:
    network = FakeNetwork()
    _, client = certified("hooks.example", tmp_path)
    made = Sender(
        internal=NOTHING_INTERNAL,
        tls=lambda: client,
        timer=time.monotonic,
        resolve=Names(["169.254.169.254"]),
        network=network,
    )
    assert post("https://hooks.example/", made) == Answer(
        error="hooks.example has the address 169.254.169.254, which is not public."
    )
    assert network.asked == []


def test_the_certificate_is_checked_by_the_name_and_the_name_is_asked_for(tmp_path: Path) -> None:
    server, client = certified("hooks.example", tmp_path)
    asked: list[str | None] = []
    server.sni_callback = lambda _, name, __: asked.append(name)

    def over_tls(host: str, port: int) -> Answer:
        made = Sender(
            internal=InternalTargets.of([host]),
            tls=lambda: client,
            timer=time.monotonic,
            resolve=Names(["127.0.0.1"]),
        )
        return post(f"https://{host}:{port}/", made)

    with raw_server(says(b"HTTP/1.1 204 No Content\r\n\r\n"), tls=server) as port:
        assert over_tls("hooks.example", port) == Answer(status=204, text="")
        other = over_tls("other.example", port)
    assert asked == ["hooks.example", "other.example"]
    assert other.status is None
    assert "certificate" in str(other.error)


def hang_until(released: Event) -> Serve:
    def serve(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        released.wait(SECONDS)

    return serve


def test_a_receiver_that_hangs_is_left_in_time() -> None:
    released = Event()
    with answering(hang_until(released)) as url:
        answer = post(url, sender(seconds=0.2))
        released.set()
    assert answer == Answer(error="There was no whole answer within 0.2 seconds.")


def endless(piece: bytes, *, after: bytes = b"") -> Serve:
    """Send ``piece`` until the other side hangs up."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(after)
        while True:
            connection.sendall(piece)

    return serve


@pytest.mark.parametrize(
    "serve",
    [
        endless(b"X-Header: value\r\n", after=b"HTTP/1.1 200 OK\r\n"),
        endless(b"HTTP/1.1 100 Continue\r\n\r\n"),
        endless(b"\x00"),
        endless(b"1\r\na\r\n", after=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ],
    ids=["endless headers", "endless preliminaries", "endless nothing", "endless chunks"],
)
def test_a_receiver_without_an_end_is_left_in_time(serve: Serve) -> None:
    # Every look at the clock finds a second more: nobody waits, and the time is over all the same.
    ticks = itertools.count()
    with answering(serve) as url:
        answer = post(url, sender(timer=lambda: float(next(ticks))))
    assert answer.status in (None, 200)
    assert answer.error is not None or len(answer.text or "") <= MAX_ANSWER_BYTES


def test_of_megabytes_only_the_beginning_is_read() -> None:
    sent = []

    def serve(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        piece = b"x" * 65536
        while True:
            connection.sendall(piece)
            sent.append(len(piece))

    with answering(serve) as url:
        answer = post(url)
    assert answer == Answer(status=200, text="x" * MAX_ANSWER_BYTES)
    assert sum(sent) < 100_000_000


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\x16\x03\x01 not for you",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"-ERR unknown command\r\n",
        b"HTTP/9.9 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nNo colon here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 " + b"a" * 200_000 + b"\r\n\r\n",
    ],
    ids=range(11),
)
def test_garbage_is_an_error_and_never_a_success(garbage: bytes) -> None:
    with answering(says(garbage)) as url:
        answer = post(url)
    assert answer.status is None
    assert answer.error is not None


def test_nobody_at_home_is_an_error_that_says_so() -> None:
    with answering(says(b"")) as url:
        pass
    assert "Nobody could be reached" in str(post(url).error)


def test_a_defect_in_what_a_stranger_can_provoke_ends_nothing() -> None:
    def fail(_: str, __: int) -> list[str]:
        raise ZeroDivisionError

    class Broken(FakeNetwork):
        def connect_tcp(self, *_: object, **__: object) -> object:  # type: ignore[override]
            raise ZeroDivisionError

    made = Sender(
        internal=LOOPBACK, tls=no_tls, timer=time.monotonic, resolve=fail, network=Broken()
    )
    assert post("http://127.0.0.1/", made) == Answer(error="The attempt failed: ZeroDivisionError")

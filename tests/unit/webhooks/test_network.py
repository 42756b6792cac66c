from __future__ import annotations

import socket
from collections.abc import Sequence
from threading import Event
from typing import Any

import httpcore
import pytest

from tests.fixtures.refusals import refusal_of
from tests.unit.core.notices.test_receivers import NOT_PUBLIC
from understudy.core.notices.receivers import NOTHING_INTERNAL, InternalTargets, read_receiver
from understudy.errors import InvalidInput
from understudy.webhooks.network import Deadline, GuardedBackend, system_resolve, vetted

HOOKS = read_receiver("https://hooks.example/")
PUBLIC, ELSEWHERE = "93.184.215.14", "93.184.215.15"


class FakeStream(httpcore.NetworkStream):
    """A connection to ``peer``."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer
        self.closed = False

    def get_extra_info(self, info: str) -> Any:
        return self.peer if info == "server_addr" else None

    def close(self) -> None:
        self.closed = True


class FakeNetwork(httpcore.NetworkBackend):
    """Connects to whatever is asked for, or to ``peers`` by the address that was asked for."""

    def __init__(self, peers: dict[str, Any] | None = None, dead: Sequence[str] = ()) -> None:
        self.peers = peers or {}
        self.dead = dead
        self.asked: list[tuple[str, int]] = []
        self.streams: list[FakeStream] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        assert timeout is not None
        self.asked.append((host, port))
        if host in self.dead:
            raise httpcore.ConnectTimeout
        self.streams.append(FakeStream(self.peers.get(host, (host, port))))
        return self.streams[-1]


class Names:
    """A resolver whose answers differ each time, the last one staying."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def backend(
    resolve: Any,
    network: FakeNetwork,
    *,
    url: str = "https://hooks.example/",
    internal: InternalTargets = NOTHING_INTERNAL,
    seconds: float = 15.0,
) -> GuardedBackend:
    return GuardedBackend(
        read_receiver(url, internal),
        internal=internal,
        resolve=resolve,
        deadline=Deadline(timer=lambda: 0.0, at=seconds),
        inner=network,
    )


def test_it_is_the_vetted_address_that_is_connected_to_and_not_the_name() -> None:
    network, names = FakeNetwork(), Names([PUBLIC])
    backend(names, network).connect_tcp("hooks.example", 443)
    assert network.asked == [(PUBLIC, 443)]
    assert names.asked == [("hooks.example", 443)]


def test_a_name_that_answers_differently_the_second_time_is_never_asked_twice() -> None:
    network, names = FakeNetwork(), Names([PUBLIC], ["127.0.0.1"])
    backend(names, network).connect_tcp("hooks.example", 443)
    assert (len(names.asked), network.asked) == (1, [(PUBLIC, 443)])
    with pytest.raises(InvalidInput, match=r"127\.0\.0\.1"):
        backend(names, network).connect_tcp("hooks.example", 443)
    assert network.asked == [(PUBLIC, 443)]


@pytest.mark.parametrize("address", NOT_PUBLIC)
@pytest.mark.parametrize("place", [0, 1])
def test_one_address_that_is_not_public_is_enough_to_connect_to_none(
    address: str, place: int
) -> None:
    network, answer = FakeNetwork(), [PUBLIC]
    answer.insert(place, address)
    with refusal_of(InvalidInput, "invalid_input"):
        backend(Names(answer), network).connect_tcp("hooks.example", 443)
    assert network.asked == []


def test_a_name_without_addresses_is_nobody() -> None:
    with pytest.raises(InvalidInput, match="has no address"):
        backend(Names([]), FakeNetwork()).connect_tcp("hooks.example", 443)


@pytest.mark.parametrize(
    "peer",
    [("127.0.0.1", 443), (ELSEWHERE, 443), ("::1", 443, 0, 0), ("hooks.example", 443), None, ()],
)
def test_a_socket_that_reached_somebody_else_is_closed_and_not_used(peer: Any) -> None:
    network = FakeNetwork(peers={PUBLIC: peer})
    with pytest.raises(InvalidInput, match="Somebody else"):
        backend(Names([PUBLIC]), network).connect_tcp("hooks.example", 443)
    assert network.streams[0].closed


def test_the_next_address_is_tried_when_one_is_dead() -> None:
    network = FakeNetwork(dead=[PUBLIC])
    backend(Names([PUBLIC, ELSEWHERE]), network).connect_tcp("hooks.example", 443)
    assert network.asked == [(PUBLIC, 443), (ELSEWHERE, 443)]
    with pytest.raises(httpcore.ConnectTimeout):
        backend(Names([PUBLIC]), network).connect_tcp("hooks.example", 443)


def test_nobody_but_the_receiver_is_ever_connected_to() -> None:
    network = FakeNetwork()
    for host, port in (("evil.example", 443), ("hooks.example", 8443)):
        with pytest.raises(InvalidInput, match="not the receiver"):
            backend(Names([PUBLIC]), network).connect_tcp(host, port)
    assert network.asked == []


def test_an_address_is_not_looked_up() -> None:
    network, names = FakeNetwork(), Names([ELSEWHERE])
    backend(names, network, url=f"https://{PUBLIC}/").connect_tcp(PUBLIC, 443)
    assert (names.asked, network.asked) == ([], [(PUBLIC, 443)])


def test_an_internal_target_may_have_any_address_and_a_named_network_opens_no_other() -> None:
    internal = InternalTargets.of(["hooks", "10.1.0.0/16"])
    network = FakeNetwork()
    backend(Names(["127.0.0.1"]), network, url="http://hooks:8080", internal=internal).connect_tcp(
        "hooks", 8080
    )
    backend(Names(["10.1.2.3"]), network, internal=internal).connect_tcp("hooks.example", 443)
    assert network.asked == [("127.0.0.1", 8080), ("10.1.2.3", 443)]
    with refusal_of(InvalidInput, "invalid_input"):
        vetted(HOOKS, ["10.2.0.1"], internal)
    with refusal_of(InvalidInput, "invalid_input"):
        vetted(HOOKS, ["::ffff:10.1.2.3"], internal)


def test_a_name_that_cannot_be_resolved_is_nobody() -> None:
    def fail(_: str, __: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    def choke(_: str, __: int) -> Sequence[str]:
        raise UnicodeError("label too long")

    for resolve in (fail, choke):
        with pytest.raises(httpcore.ConnectError, match="cannot be resolved"):
            backend(resolve, FakeNetwork()).connect_tcp("hooks.example", 443)


def test_a_resolver_that_hangs_is_left_behind_in_time() -> None:
    released = Event()

    def hang(_: str, __: int) -> Sequence[str]:
        released.wait(20)
        return [PUBLIC]

    network = FakeNetwork()
    with pytest.raises(httpcore.ConnectTimeout):
        backend(hang, network, seconds=0.05).connect_tcp("hooks.example", 443)
    released.set()
    assert network.asked == []


def test_when_the_time_is_over_nothing_more_is_waited_for() -> None:
    deadline = Deadline(timer=lambda: 15.0, at=15.0)
    with pytest.raises(httpcore.ReadTimeout):
        deadline.left()
    assert Deadline(timer=lambda: 5.0, at=15.0).left() == 10.0
    assert Deadline(timer=lambda: 5.0, at=15.0).left(4.0) == 4.0


def test_the_machine_resolves_its_own_name() -> None:
    assert "127.0.0.1" in system_resolve("127.0.0.1", 443)

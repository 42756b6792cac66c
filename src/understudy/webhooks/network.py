"""Connections that only reach vetted addresses, and that end in time whatever the other side does.

The name is resolved here and nowhere else; the connection goes to an address that was vetted, and
the peer of the connected socket is compared with it once more. A name that answers differently the
next time it is asked (DNS rebinding) is never asked a next time.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpcore

from understudy.core.notices.receivers import Address, InternalTargets, Receiver, is_public
from understudy.errors import InvalidInput

Resolve = Callable[[str, int], Sequence[str]]
CONNECT_SECONDS = 5.0
"""For each address of a name, so that one that is dead leaves time for the others."""


def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of ``host``, as the machine resolves names.

    :raises OSError: when the name has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A moment of ``timer``, in seconds."""

    timer: Callable[[], float]
    at: float

    def left(self, at_most: float | None = None) -> float:
        """The seconds until then.

        :raises httpcore.ReadTimeout: when there are none left.
        """
        seconds = self.at - self.timer()
        if seconds <= 0:
            raise httpcore.ReadTimeout
        return seconds if at_most is None else min(seconds, at_most)


def vetted(
    receiver: Receiver, addresses: Iterable[str], internal: InternalTargets
) -> Sequence[Address]:
    """``addresses``, if every single one may be connected to.

    :raises InvalidInput: one may not, or there is none.
    """
    found = [ip_address(text) for text in addresses]
    for address in found:
        if not (receiver.internal or internal.includes(address) or is_public(address)):
            raise InvalidInput(f"{receiver.host} has the address {address}, which is not public.")
    if not found:
        raise InvalidInput(f"{receiver.host} has no address.")
    return found


def addresses_of(receiver: Receiver, resolve: Resolve, deadline: Deadline) -> Sequence[str]:
    """What the receiver's name resolves to, asked for once, in a thread that can be left.

    :raises httpcore.ConnectError: it has no address.
    :raises httpcore.ConnectTimeout: nobody has answered in time.
    """
    if receiver.address is not None:
        return [str(receiver.address)]
    answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(receiver.host, receiver.port))
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=ask, name="understudy-resolver", daemon=True).start()
    try:
        found = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise httpcore.ConnectTimeout from None
    if isinstance(found, OSError):
        raise httpcore.ConnectError(f"{receiver.host} cannot be resolved") from found
    return found


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to one receiver, and to nothing else."""

    def __init__(
        self,
        receiver: Receiver,
        *,
        internal: InternalTargets,
        resolve: Resolve,
        deadline: Deadline,
        inner: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._receiver = receiver
        self._internal = internal
        self._resolve = resolve
        self._deadline = deadline
        self._inner = inner or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first vetted address that accepts one.

        :raises InvalidInput: an address is not public, or somebody else was reached.
        :raises httpcore.ConnectError: nobody accepts.
        """
        del timeout, local_address, socket_options
        if (host, port) != (self._receiver.host, self._receiver.port):
            raise InvalidInput(f"{host} is not the receiver.")
        failure: Exception = httpcore.ConnectError()
        found = addresses_of(self._receiver, self._resolve, self._deadline)
        for address in vetted(self._receiver, found, self._internal):
            try:
                stream = self._inner.connect_tcp(
                    str(address), port, timeout=self._deadline.left(CONNECT_SECONDS)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            _require_peer(stream, address)
            return _TimedStream(stream, self._deadline)
        raise failure


def _require_peer(stream: httpcore.NetworkStream, address: Address) -> None:
    """Return only if it is ``address`` that the socket is connected to."""
    peer = stream.get_extra_info("server_addr")
    with suppress(ValueError, TypeError, IndexError):
        if ip_address(peer[0]) == address:
            return
    stream.close()
    raise InvalidInput(f"Somebody else than {address} was reached.")


class _TimedStream(httpcore.NetworkStream):
    """A stream all of whose waiting ends at one deadline, however little arrives at a time."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, or none at the end."""
        del timeout
        return self._inner.read(max_bytes, timeout=self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of ``buffer``."""
        del timeout
        self._inner.write(buffer, timeout=self._deadline.left())

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same, encrypted; the certificate is the receiver's, by its name."""
        del timeout
        inner = self._inner.start_tls(
            ssl_context, server_hostname=server_hostname, timeout=self._deadline.left()
        )
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the base class has it
        """Facts about the socket."""
        return self._inner.get_extra_info(info)

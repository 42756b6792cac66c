"""Servers that behave as no server should, on loopback."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

SECONDS = 20.0
"""No wait comes near it."""

BODY = b"body"

Serve = Callable[[socket.socket], None]


def read_request(connection: socket.socket) -> None:
    """Read a request whose body is ``BODY``; who hangs up with something unread resets."""
    found = b""
    while not found.endswith(BODY):
        piece = connection.recv(65536)
        if not piece:
            return
        found += piece


@contextmanager
def raw_server(serve: Serve, *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server's port; ``serve`` gets each connection, whose request was read."""
    listening = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(SECONDS)
                answering = tls.wrap_socket(connection, server_side=True) if tls else connection
                with answering:
                    read_request(answering)
                    serve(answering)

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        # Only this wakes somebody who waits in accept().
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(SECONDS)


def says(answer: bytes) -> Serve:
    """Answer exactly this, then hang up."""
    return lambda connection: connection.sendall(answer)


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS for a server of that name, and for a client who trusts nobody but its certificate."""
    key = generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cafile=pem)
    return server, client

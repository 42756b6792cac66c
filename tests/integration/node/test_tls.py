"""Express with TLS of its own: the same story, and what comes behind a body."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from websockets.exceptions import ConnectionClosedError

from tests.docs.visitor import Visitor
from tests.integration.node.desk import NodeApp, node_app
from tests.integration.node.exchanges import live_socket


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and what it certifies, of 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "shop.pem"
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


@pytest.fixture(scope="module")
def secure(desk: tuple[Path, str], certificate: Path) -> Iterator[NodeApp]:
    """The app at https."""
    with node_app(*desk, "express.mjs", "express", certificate=certificate) as found:
        yield found


@pytest.fixture(scope="module")
def inside(secure: NodeApp) -> Visitor:
    """Somebody of support who works as Ada, and stays."""
    return secure.impersonating()


def test_a_session_from_its_launch_to_its_end(secure: NodeApp) -> None:
    sam = secure.impersonating()
    assert "Hello Ada" in sam.visit("/")
    assert sam.post("/notes").json()["of"] == "Ada"
    sam.end()
    assert "Hello Kim from Support" in sam.visit("/")


def test_sockets_are_held_to_their_session(secure: NodeApp) -> None:
    sam = secure.impersonating()
    with live_socket(secure.origin, sam, trust=secure.trust) as live:
        assert live.recv() == "ada false"
        secure.revoke(sam)
        with pytest.raises(ConnectionClosedError, match="4401"):
            live.recv(timeout=10)


def test_trailers_reach_the_app_and_the_browser(secure: NodeApp, inside: Visitor) -> None:
    host, port = secure.origin.partition("://")[2].split(":")
    lines = ["POST /trailers HTTP/1.1", f"host: {host}:{port}", "connection: close"]
    lines += [f"cookie: {inside.cookie_header()}", "transfer-encoding: chunked"]
    lines += [f"{name}: {value}" for name, value in inside.mark().items()]
    body = "4\r\nbody\r\n0\r\nchecksum: 42\r\n\r\n"
    assert secure.trust is not None
    with (
        socket.create_connection((host, int(port))) as plain,
        secure.trust.wrap_socket(plain, server_hostname=host) as connection,
    ):
        connection.sendall("\r\n".join([*lines, "", body]).encode())
        said = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, rest = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert rest == b"4\r\nbody\r\n0\r\nChecked: 42 of Ada\r\n\r\n"


def test_who_speaks_without_tls_gets_nothing(secure: NodeApp) -> None:
    plain = http.client.HTTPConnection(secure.origin.partition("://")[2], timeout=10)
    plain.request("GET", "/me")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError, ssl.SSLError)):
        plain.getresponse()

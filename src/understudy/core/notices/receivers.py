"""URLs that we ourselves call: which spellings, ports and addresses are good enough.

Whoever registers such a URL makes the service send requests, from inside its network, to a place
of their choosing (server-side request forgery). Hence one strict spelling, few ports, and nothing
but public addresses, unless whoever runs the service has named the target as an internal one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_network,
)
from typing import Self

from understudy.errors import InvalidInput

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = frozenset({443, 8443})
"""Where a receiver may listen on the internet."""

MAIL_PORTS = frozenset({25, 465, 587, 2525})
"""Where a server that takes e-mail may listen on the internet."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65535
_MAX_HOST = 253
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?P<port>:[0-9]{1,5})?"
    r"(?P<target>[/?][!-~]*)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Names that mean the network itself, whatever they resolve to: RFC 6761, RFC 6762, RFC 8375, and
# where clouds keep the credentials of a machine.
_INTERNAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "onion")

_UNLESS = ", unless the host is among UNDERSTUDY_WEBHOOK_ALLOWED_HOSTS"
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",  # shared by carriers (RFC 6598)
            "168.63.129.16/32",  # a cloud's own service, on an address that looks public
            "192.0.0.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "198.18.0.0/15",
            "240.0.0.0/4",
            "2001::/23",  # Teredo, ORCHID and other ways to mean another address
            "2001:db8::/32",
            "2002::/16",  # 6to4: an IPv4 address inside
            "3fff::/20",
        ),
    )
)


@dataclass(frozen=True, kw_only=True)
class InternalTargets:
    """Hosts by name and networks by address that whoever runs the service lets webhooks reach."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """From host names, addresses and networks as text.

        :raises ValueError: for what is none of these.
        """
        names: set[str] = set()
        networks: list[Network] = []
        for text in texts:
            try:
                networks.append(ip_network(text))
            except ValueError:
                names.add(_plain_name(text))
        return cls(names=frozenset(names), networks=tuple(networks))

    def includes(self, address: Address) -> bool:
        """Whether ``address`` lies in one of the networks."""
        return any(address in network for network in self.networks)


NOTHING_INTERNAL = InternalTargets()


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """A URL in parts. ``host`` is in lower case, without brackets; ``address`` if it is one.

    ``internal`` receivers were named by whoever runs the service: they may have any address.
    """

    scheme: str
    host: str
    port: int
    target: str
    address: Address | None
    internal: bool

    @property
    def authority(self) -> str:
        """The ``Host`` header (RFC 9110, section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def read_receiver(
    url: str, internal: InternalTargets = NOTHING_INTERNAL, *, field: str = "url"
) -> Receiver:
    """The receiver at ``url``, if it may be one; what its name resolves to is checked later.

    :raises InvalidInput: another scheme, user info, a fragment, an odd spelling of the host, a
        port that is not open to it, an address or a name that is not public. It names ``field``.
    """
    try:
        return _read(url, internal)
    except ValueError as error:
        message = f"A URL that is called from here {error}."
        raise InvalidInput(message, facts={"field": field}) from error


def read_mail_host(
    host: str, port: int, *, plain: bool, internal: InternalTargets = NOTHING_INTERNAL
) -> Receiver:
    """The server at ``host`` that takes e-mail; what its name resolves to is checked later.

    :raises InvalidInput: as for URLs; and, where it is ``plain``, a host that nobody has named.
    """
    try:
        return _read_mail_host(host.lower(), port, plain=plain, internal=internal)
    except ValueError as error:
        message = f"A server that takes e-mail {error}."
        raise InvalidInput(message, facts={"field": "host"}) from error


def _read_mail_host(host: str, port: int, *, plain: bool, internal: InternalTargets) -> Receiver:
    address = _address(host.strip("[]"), bracketed=":" in host)
    named = host in internal.names or (address is not None and internal.includes(address))
    if not named and plain:
        raise ValueError(f"is reached by TLS{_UNLESS}")
    if not named and port not in MAIL_PORTS:
        raise ValueError(f"has one of the ports {', '.join(map(str, sorted(MAIL_PORTS)))}{_UNLESS}")
    if not named:
        _require_public_host(host, address)
    return Receiver(
        scheme="smtp", host=host.strip("[]"), port=port, target="", address=address, internal=named
    )


def _read(url: str, internal: InternalTargets) -> Receiver:
    found = _URL.fullmatch(url)
    if found is None or "#" in url or "\\" in url:
        raise ValueError("must look like https://hooks.example/path, in ASCII, without user or #")
    scheme, host = found["scheme"].lower(), found["host"].lower().strip("[]")
    port = int(found["port"][1:]) if found["port"] else _DEFAULT_PORTS[scheme]
    address = _address(host, bracketed=found["host"].startswith("["))
    named = host in internal.names or (address is not None and internal.includes(address))
    if not named:
        _require_public(scheme, host, port, address)
    if not 0 < port <= _MAX_PORT:
        raise ValueError(f"has no port {port}")
    target = found["target"] or "/"
    return Receiver(
        scheme=scheme,
        host=host,
        port=port,
        target=target if target.startswith("/") else f"/{target}",
        address=address,
        internal=named,
    )


def is_public(address: Address) -> bool:
    """True for addresses of the internet at large: no other is ever connected to unasked.

    IPv6 addresses that only stand for an IPv4 address never are (mapped, NAT64, 6to4, Teredo).
    """
    if isinstance(address, IPv6Address) and (
        address not in _GLOBAL_UNICAST or address.scope_id is not None
    ):
        return False
    if any(address.version == network.version and address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _require_public(scheme: str, host: str, port: int, address: Address | None) -> None:
    if scheme != "https":
        raise ValueError(f"begins with https://{_UNLESS}")
    if port not in PORTS:
        raise ValueError(f"uses port {' or '.join(map(str, sorted(PORTS)))}{_UNLESS}")
    _require_public_host(host, address)


def _require_public_host(host: str, address: Address | None) -> None:
    if address is not None:
        if not is_public(address):
            raise ValueError(f"has a public address{_UNLESS}")
        return
    labels = host.split(".")
    if len(labels) == 1 or any(f".{host}".endswith(f".{name}") for name in _INTERNAL_NAMES):
        raise ValueError(f"has a public host name{_UNLESS}")


def _address(host: str, *, bracketed: bool) -> Address | None:
    """The address that ``host`` spells, in the one way that everybody reads alike.

    Where the last label is a number, URL parsers take the whole for an IPv4 address in one of many
    notations (WHATWG URL, "ends in a number"): all but the plain one are refused.
    """
    try:
        if bracketed:
            return IPv6Address(host)
        if _NUMBER.fullmatch(host.rpartition(".")[2]):
            return IPv4Address(host)
        _plain_name(host)
    except ValueError as error:
        raise ValueError("has a host in its plain spelling") from error
    return None


def _plain_name(text: str) -> str:
    """``text`` in lower case if it is a host name without a dot at its end.

    :raises ValueError: if it is not; names beyond ASCII are written ``xn--…`` (RFC 5890).
    """
    name = text.lower()
    if len(name) > _MAX_HOST or not all(map(_LABEL.fullmatch, name.split("."))):
        raise ValueError(f"{text!r} is not a host name")
    return name

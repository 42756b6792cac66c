"""Settings: what the environment may decide, read once, typed, and passed down from here."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from understudy.core.notices.receivers import InternalTargets
from understudy.errors import SetupError

PREFIX = "UNDERSTUDY_"
_MAX_PORT = 65535
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
"""What a router, a browser and a cookie read alike, whoever escapes what."""
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_LEVELS = ("debug", "info", "warning", "error")

T = TypeVar("T")
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one node runs. Each field is `UNDERSTUDY_<NAME>` in the environment.

    :raises SetupError: when a value does not make sense.
    """

    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = 8700
    """The TCP port to listen on."""
    public_url: str = ""
    """Where browsers and apps reach the service, without a path, such as
    `https://understudy.example`; the issuer of tokens. By default `http://localhost:<port>`."""
    data_dir: Path = Path("understudy-data")
    """The folder with the installation key, the highest checkpoint and the SQLite database."""
    database_url: str | None = None
    """`postgresql://…` where several nodes share a database; by default SQLite in `data_dir`."""
    database_schema: str = "understudy"
    """The schema in PostgreSQL that holds all tables; it is made if need be."""
    installation_key: str | None = field(default=None, repr=False)
    """The installation key as 64 hexadecimal digits, in place of the file in `data_dir`."""
    trusted_proxies: tuple[Network, ...] = ()
    """Addresses or networks, separated by commas, whose `X-Forwarded-For` is believed."""
    rate_multiplier: float = 1.0
    """Multiplies every rate limit; 0 switches them off, which is meant for benchmarks."""
    metrics_token: str | None = field(default=None, repr=False)
    """The bearer token for `/metrics`; without one only loopback may read it."""
    log_level: str = "info"
    """`debug`, `info`, `warning` or `error`."""
    webhook_allowed_hosts: tuple[str, ...] = ()
    """Host names, addresses or networks, separated by commas, that webhooks and logout tokens may
    be sent to although they are not public; by `http://` and on any port, too."""
    embedded: bool = field(default=False, metadata={"environment": False})
    """Whether this is no service but a part of a customer's app, where `public_url` may have the
    path of a mount."""
    _derived_from: int | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.port <= _MAX_PORT:
            raise SetupError(f"The port must be between 0 and {_MAX_PORT}, not {self.port}.")
        if self.log_level not in _LEVELS:
            raise SetupError(f"The log level must be one of {', '.join(_LEVELS)}.")
        if not 0 <= self.rate_multiplier < float("inf"):
            raise SetupError("The rate multiplier must be 0 or more.")
        if not _SCHEMA.fullmatch(self.database_schema):
            raise SetupError(
                "The schema's name has small letters, digits and underscores, 63 at most."
            )
        try:
            _ = self.internal_targets
        except ValueError as error:
            raise SetupError(f"A webhook target cannot be read: {error}") from error
        self._derive_public_url()

    @property
    def internal_targets(self) -> InternalTargets:
        """What webhooks may reach although it is not public."""
        return InternalTargets.of(self.webhook_allowed_hosts)

    @property
    def store_url(self) -> str:
        """The address of the database: the one that was given, or SQLite in `data_dir`."""
        return self.database_url or f"sqlite:///{self.data_dir / 'understudy.db'}"

    @property
    def https(self) -> bool:
        """True when browsers reach the service over TLS."""
        return self.public_url.startswith("https://")

    @property
    def path(self) -> str:
        """The path below which browsers reach the dashboard, without a slash at its end."""
        return urlsplit(self.public_url).path

    @property
    def public_url_is_given(self) -> bool:
        """False when nobody said it, so that it is only what the port suggests."""
        return self._derived_from is None

    def _derive_public_url(self) -> None:
        """Settle the public URL; one that was derived follows the port through ``replace``."""
        derived = self._derived_from is not None and self.public_url == _local(self._derived_from)
        if self.public_url and not derived:
            url = _public_url(self.public_url, with_path=self.embedded)
            object.__setattr__(self, "public_url", url)
            object.__setattr__(self, "_derived_from", None)
        else:
            object.__setattr__(self, "public_url", _local(self.port))
            object.__setattr__(self, "_derived_from", self.port)

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str] | None = None,
        *,
        given: Mapping[str, object] | None = None,
    ) -> Settings:
        """The settings that ``environment`` (by default the process's own) describes.

        What is ``given`` and not None, such as an option of the command line, goes before it.

        :raises SetupError: for an unknown name or a value that cannot be read.
        """
        values = os.environ if environment is None else environment
        found = {
            name.removeprefix(PREFIX).lower(): text
            for name, text in values.items()
            if name.startswith(PREFIX)
        }
        unknown = sorted(set(found) - set(_READERS))
        # A misspelt setting would be the default, unnoticed: safe ones are worth a failed start.
        if unknown:
            names = ", ".join(PREFIX + name.upper() for name in unknown)
            raise SetupError(f"There is no setting {names}.")
        chosen = {name: _read(name, text) for name, text in found.items()}
        chosen |= {name: value for name, value in (given or {}).items() if value is not None}
        return cls(**chosen)  # type: ignore[arg-type]


def _read(name: str, text: str) -> object:
    try:
        return _READERS[name](text)
    except ValueError as error:
        raise SetupError(f"{PREFIX}{name.upper()} cannot be read: {error}") from error


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(map(ip_network, _words(text)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_READERS: Mapping[str, Callable[[str], object]] = {
    "host": str,
    "port": int,
    "public_url": str,
    "data_dir": Path,
    "database_url": str,
    "database_schema": str,
    "installation_key": str,
    "trusted_proxies": _networks,
    "rate_multiplier": float,
    "metrics_token": str,
    "log_level": str.lower,
    "webhook_allowed_hosts": _words,
}


def _local(port: int) -> str:
    return f"http://localhost:{port}"


def _public_url(url: str, *, with_path: bool) -> str:
    """``url`` in its one spelling. A service has none but an origin: an issuer without a path is
    what every OAuth library can discover.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SetupError(f"The public URL cannot be read: {error}") from error
    path = parts.path.rstrip("/")
    usable = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    if not usable or (path and not with_path) or parts.query or parts.fragment:
        example = "app.example/understudy." if with_path else "understudy.example, without a path."
        raise SetupError(f"The public URL must look like https://{example}")
    if not _PATH.fullmatch(path):
        raise SetupError(f"The public URL's path has letters, digits, '-' and '_' alone: {path}")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, default) else "")
    return origin + path

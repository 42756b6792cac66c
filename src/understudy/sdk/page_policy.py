"""What a page's own Content-Security-Policy headers let run. They are read and never touched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

Directives = dict[str, list[str]]
_NONCE = re.compile(r"'nonce-([A-Za-z0-9+/_=-]{1,200})'")
_SCRIPT_SOURCES = ("script-src-elem", "script-src", "default-src")


def nonce_in(policies: Sequence[str]) -> str | None:
    """The nonce under which these policies let scripts run, if any."""
    for directives in _read(policies):
        found = _NONCE.search(" ".join(_script_sources(directives) or ()))
        if found:
            return found.group(1)
    return None


def may_run(policies: Sequence[str], address: str, nonce: str | None) -> bool:
    """False where these Content-Security-Policy headers stop a script from ``address``.

    All of them must let it through. Hashes do not: they would have to be known in advance.
    """
    return all(_allows(policy, address, nonce) for policy in _read(policies))


def _read(policies: Sequence[str]) -> Iterator[Directives]:
    """Each policy's directives; a header may hold several policies."""
    for policy in ",".join(policies).split(",") if policies else ():
        found: Directives = {}
        for part in policy.split(";"):
            name, *sources = part.split() or [""]
            # Of one name twice the first holds (CSP 3, section 2.2.1).
            found.setdefault(name.lower(), sources)
        yield found


def _script_sources(directives: Directives) -> list[str] | None:
    return next((directives[name] for name in _SCRIPT_SOURCES if name in directives), None)


def _allows(directives: Directives, address: str, nonce: str | None) -> bool:
    if "sandbox" in directives and "allow-scripts" not in directives["sandbox"]:
        return False
    sources = _script_sources(directives)
    if sources is None or (nonce and f"'nonce-{nonce}'" in sources):
        return True
    # Then only what such a script itself loads is let through.
    if any(source.lower() == "'strict-dynamic'" for source in sources):
        return False
    return any(_matches(source, address) for source in sources)


def _matches(source: str, address: str) -> bool:
    # Schemes are not compared: behind a proxy that ends TLS the app sees http for https.
    if source.lower() in ("'self'", "*", "http:", "https:"):
        return True
    if source.startswith("'") or source.endswith(":"):
        return False
    named = urlsplit(source if "://" in source else f"//{source}")
    own, host, path = urlsplit(address), named.netloc.lower(), named.path
    same = own.netloc.endswith(host[1:]) if host.startswith("*.") else own.netloc == host
    return same and (own.path.startswith(path) if path.endswith("/") else path in ("", own.path))

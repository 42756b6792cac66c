"""How people set nginx up to keep pages, and what our documents add to it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.pages import ROOT, Block, blocks

_BY_ADDRESS = "proxy_cache_key $host$request_uri;"
_DEAF = "proxy_ignore_headers Cache-Control Expires Set-Cookie Vary"
KEEPING = {
    "careful": "proxy_cache_key $host$request_uri$cookie_sessionid;",
    "careless": _BY_ADDRESS,
    "deaf": f"{_BY_ADDRESS} {_DEAF};",
}
"""A cache that goes by the login's cookie, one that goes by the address alone, and one of these
that hears nothing of what pages say, as it is often set.
"""
LETTING_PAST = {**KEEPING, "stone-deaf": f"{_BY_ADDRESS} {_DEAF} X-Accel-Expires;"}
"""Those to which the lines of our documents are added."""


def host(name: str, *, lets_past: bool) -> str:
    """Where the cache of that name is."""
    return f"{name}.localhost" if lets_past else f"{name}.bare.localhost"


def http(folder: Path, *, port: int, app: int) -> str:
    """All of them in front of ``app``, whose files are in ``folder``, and origins of sessions."""
    blocked = {block.text.split()[0]: block.text for block in _nginx("page-caches")}
    lines = blocked["proxy_cache_bypass"]
    bare = [_server(host(name, lets_past=False), port, told) for name, told in KEEPING.items()]
    past = [
        _server(host(name, lets_past=True), port, told + lines)
        for name, told in LETTING_PAST.items()
    ]
    parts = [
        blocked["map"],
        f"upstream app {{ server 127.0.0.1:{app}; }}",
        f"proxy_cache_path {folder / 'kept'} keys_zone=pages:1m;",
        f"root {folder};",
        # For all of their sites at once, as some people do.
        "proxy_cache pages; proxy_cache_valid any 1m;",
        "add_header X-Cache $upstream_cache_status always;",
        # As nginx is by itself: its key knows no host.
        _server("app.localhost", port, ""),
        *bare,
        *past,
        f"server {{ listen 127.0.0.1:{port}; server_name *.view.app.localhost; {_at_origins()} }}",
    ]
    return "\n".join(parts)


def _server(name: str, port: int, lines: str) -> str:
    place = f"proxy_pass http://app; proxy_set_header Host $http_host; {lines}"
    return (
        f"server {{ listen 127.0.0.1:{port}; server_name {name}; location / {{ {place} }}"
        " location /files/ { internal; } }"
    )


def _at_origins() -> str:
    """The place of sessions' origins, as it stands in its document."""
    (block,) = _nginx("session-origins")
    found = re.search(r"location / \{.*?\n    \}", block.text, re.DOTALL)
    assert found is not None
    return found[0].replace("127.0.0.1:8000", "app")


def _nginx(page: str) -> list[Block]:
    return [one for one in blocks(ROOT / f"docs/howto/{page}.md") if one.language == "nginx"]

"""What a session may not do: its scope, and the actions that are blocked while it lasts.

A request is judged by its *effective* method and its *normalised* path, so that no spelling of a
blocked path slips by: letter case, percent-encoding (twice over), doubled slashes, dot segments,
trailing slashes, path parameters and method overrides all come to the same (peers: PostHog's
missing trailing slash).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OVERRIDE_HEADERS = ("x-http-method-override", "x-http-method", "x-method-override")
ANY_METHOD = "*"
_MAX_DECODINGS = 3


class Scope(StrEnum):
    """How far a session reaches."""

    FULL = "full"
    READ_ONLY = "read_only"


@dataclass(frozen=True, kw_only=True)
class BlockedAction:
    """A method and a route pattern that answer 403 in every session.

    ``pattern`` is a path in which ``{name}`` stands for one segment and a final ``/**`` for any
    rest, including none. ``method`` is upper case or ``*``. ``label`` tells people what it is.
    """

    method: str
    pattern: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Restrictions:
    """What one session is held to; travels to the guard with the session."""

    scope: Scope
    blocked_actions: tuple[BlockedAction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Blocked:
    """A request that may not go on. ``code`` is stable; ``label`` names what was blocked."""

    code: str
    label: str


def normalise_path(path: str) -> str:
    """The one spelling of ``path`` under which rules are matched; starts with ``/``."""
    for _ in range(_MAX_DECODINGS):
        decoded = unquote(path)
        if decoded == path:
            break
        path = decoded
    segments: list[str] = []
    for raw in path.replace("\\", "/").split("/"):
        segment = raw.partition(";")[0].strip().casefold()
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/" + "/".join(segments)


def effective_methods(method: str, overrides: Iterable[str]) -> frozenset[str]:
    """Every method that some layer may take the request for: its own and any override's."""
    return frozenset({method.upper(), *(value.strip().upper() for value in overrides)} - {""})


def overrides_in(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The method overrides among lower-case ``headers``."""
    return tuple(headers[name] for name in OVERRIDE_HEADERS if name in headers)


def judge(
    restrictions: Restrictions, *, method: str, path: str, overrides: Iterable[str] = ()
) -> Blocked | None:
    """Why this request may not go on in this session, or None when it may."""
    methods = effective_methods(method, overrides)
    normalised = normalise_path(path)
    for action in restrictions.blocked_actions:
        if _covers(action.method, methods) and _matcher(action.pattern).fullmatch(normalised):
            return Blocked(code="action_blocked", label=action.label)
    if restrictions.scope is Scope.READ_ONLY and not methods <= SAFE_METHODS:
        return Blocked(code="read_only", label="changes")
    return None


def _covers(blocked_method: str, methods: frozenset[str]) -> bool:
    if blocked_method == ANY_METHOD or blocked_method.upper() in methods:
        return True
    # Frameworks answer HEAD with their GET view.
    return blocked_method.upper() == "GET" and "HEAD" in methods


@lru_cache(maxsize=1024)
def _matcher(pattern: str) -> re.Pattern[str]:
    body, rest = (pattern[:-3], "(?:/.*)?") if pattern.endswith("/**") else (pattern, "")
    pieces = re.split(r"(\{[^/{}]+\})", body)
    expression = "".join(
        "[^/]+" if piece.startswith("{") and piece.endswith("}") else re.escape(piece.casefold())
        for piece in pieces
    )
    return re.compile(
        expression.rstrip("/") + rest + ("" if expression.rstrip("/") or rest else "/"), re.DOTALL
    )

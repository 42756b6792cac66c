"""Finds the endpoint for a method and a path.

Paths are matched before they are percent-decoded, segment by segment, so that an application's own
ids may hold slashes. A literal segment goes before a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from starlette.types import Scope

from understudy.errors import MethodNotAllowed, NotFound
from understudy.http.endpoint import Endpoint

_LONGEST = 4096
_LONGEST_PARAMETER = 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(kw_only=True, slots=True)
class _Branch:
    literals: dict[str, _Branch] = field(default_factory=dict)
    parameter: _Branch | None = None
    rest: dict[str, Endpoint] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """The endpoint, and the decoded parameters of its path."""

    endpoint: Endpoint
    parameters: Mapping[str, str]


class Router:
    """The table as a tree of segments."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._root = _Branch()
        self._literal: dict[tuple[str, str], Match] = {}
        for endpoint in endpoints:
            self._add(endpoint)
            if not endpoint.parameters:
                match = Match(endpoint=endpoint, parameters={})
                self._literal[endpoint.method, endpoint.path] = match

    def match(self, method: str, path: str) -> Match:
        """The endpoint for ``method`` on the percent-encoded ``path``. HEAD is a kind of GET.

        :raises NotFound: no such path.
        :raises MethodNotAllowed: the path is there, but does not take this method.
        """
        # Nothing is more literal than a path without parameters.
        literal = self._literal.get((method, path))
        if literal is not None:
            return literal
        wanted = "GET" if method == "HEAD" else method
        allowed: set[str] = set()
        for endpoints, values in self._matching(path):
            endpoint = endpoints.get(wanted)
            if endpoint is not None and (endpoint.head or method != "HEAD"):
                return Match(endpoint=endpoint, parameters=_parameters(endpoint, values))
            allowed.update(endpoints)
        if not allowed:
            raise NotFound
        raise MethodNotAllowed(facts={"allow": allow(allowed)})

    def endpoints(self, path: str) -> Mapping[str, Endpoint]:
        """The endpoints, by method, that ``path`` names most literally.

        :raises NotFound: no such path.
        """
        for endpoints, _ in self._matching(path):
            return endpoints
        raise NotFound

    def _matching(self, path: str) -> Iterator[tuple[dict[str, Endpoint], tuple[str, ...]]]:
        if len(path) > _LONGEST:
            raise NotFound
        return _found(self._root, path.split("/")[1:], ())

    def _add(self, endpoint: Endpoint) -> None:
        branch = self._root
        for segment in endpoint.path.split("/")[1:]:
            if segment.endswith(":rest}"):
                branch.rest[endpoint.method] = endpoint
                return
            if segment.startswith("{"):
                branch.parameter = branch.parameter or _Branch()
                branch = branch.parameter
            else:
                branch = branch.literals.setdefault(segment, _Branch())
        branch.endpoints[endpoint.method] = endpoint


def allow(methods: Iterable[str]) -> str:
    """An ``Allow`` header for endpoints of ``methods``."""
    found = {*methods, "OPTIONS"}
    return ", ".join(sorted(found | {"HEAD"} if "GET" in found else found))


def raw_path(scope: Scope) -> str:
    """The path as it was sent, still percent-encoded, below where the app is mounted."""
    raw: bytes | None = scope.get("raw_path")
    if raw is None:
        return str(scope["path"])
    path = raw.decode("latin-1").partition("?")[0]
    return path.removeprefix(scope.get("root_path", ""))


def _found(
    branch: _Branch, segments: list[str], values: tuple[str, ...]
) -> Iterator[tuple[dict[str, Endpoint], tuple[str, ...]]]:
    """Everything that the path may mean, the most literal first."""
    if not segments:
        if branch.endpoints:
            yield branch.endpoints, values
        return
    head, tail = segments[0], segments[1:]
    literal = branch.literals.get(head)
    if literal is not None:
        yield from _found(literal, tail, values)
    if branch.parameter is not None and head:
        yield from _found(branch.parameter, tail, (*values, head))
    if branch.rest:
        yield branch.rest, (*values, "/".join(segments))


def _parameters(endpoint: Endpoint, values: tuple[str, ...]) -> Mapping[str, str]:
    return dict(zip(endpoint.parameters, map(_decoded, values), strict=True)) if values else {}


def _decoded(value: str) -> str:
    """One segment's text. Ids hold no controls, so that what does names nothing."""
    try:
        text = unquote_to_bytes(value).decode()
    except UnicodeDecodeError:
        raise NotFound from None
    if len(text) > _LONGEST_PARAMETER or _CONTROL.search(text) is not None:
        raise NotFound
    return text

"""An app's routes, sorted by what a session may do with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from understudy.core.governance.denying import UNSAFE
from understudy.core.impersonation.restrictions import (
    ANY_METHOD,
    SAFE_METHODS,
    BlockedAction,
    Rulebook,
)

_PLACEHOLDER = re.compile(r"<[^<>]*>|\{[^{}]*\}")
_SAMPLE = "0"
BY_THE_APP = "what the app itself refuses"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method at one path, as the app's framework writes it: ``<int:id>`` and ``{id}`` alike.

    ``method`` is ``*`` where the framework does not say. ``said`` is what the app's own code says
    of it: ``READ`` where it is declared to change nothing, ``BLOCKED`` where it refuses actors.
    """

    method: str
    path: str
    said: RouteClass | None = None

    @property
    def sample(self) -> str:
        """A path that it answers, with something that means nothing for each part that varies."""
        return "/" + _PLACEHOLDER.sub(_SAMPLE, self.path).lstrip("/")

    @property
    def methods(self) -> frozenset[str]:
        """What may change something there, if anything may; else how it is read."""
        return frozenset(UNSAFE) if self.method == ANY_METHOD else frozenset({self.method})


class RouteClass(StrEnum):
    """What a route is in a session. Of ``UNCLASSIFIED`` nobody has said yet that it may be used."""

    READ = "read"
    WRITE = "write"
    BLOCKED = "blocked"
    UNCLASSIFIED = "unclassified"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What somebody has said about routes: ``kind`` is ``READ`` or ``WRITE``.

    ``method`` is ``*`` for whatever may change something.
    """

    kind: RouteClass
    method: str
    pattern: str

    @property
    def rulebook(self) -> Rulebook:
        """Says of which requests it was said."""
        methods = UNSAFE if self.method == ANY_METHOD else (self.method,)
        actions = [
            BlockedAction(method=method, pattern=self.pattern, label=self.kind)
            for method in methods
        ]
        return Rulebook(actions, exactly=True)


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """A route and what it is; ``label`` tells of a blocked one what is blocked."""

    route: Route
    kind: RouteClass
    label: str | None = None


def sort_routes(
    routes: Iterable[Route], *, blocked: Iterable[BlockedAction], known: Sequence[Known] = ()
) -> list[Sorted]:
    """Each of ``routes`` once: blocked goes before what the app says, and that before what is
    known, the first known before others.

    What is only read by its method is read; whatever else nobody knows is unclassified.
    """
    rulebook = Rulebook(blocked)
    said = [(one.kind, one.rulebook) for one in known]
    return [_sorted(route, rulebook, said) for route in dict.fromkeys(routes)]


def _sorted(
    route: Route, rulebook: Rulebook, said: Iterable[tuple[RouteClass, Rulebook]]
) -> Sorted:
    methods, paths = route.methods, (route.sample,)
    found = rulebook.blocked(methods, paths)
    if found is not None:
        return Sorted(route=route, kind=RouteClass.BLOCKED, label=found.label)
    if route.said is not None:
        label = BY_THE_APP if route.said is RouteClass.BLOCKED else None
        return Sorted(route=route, kind=route.said, label=label)
    otherwise = RouteClass.READ if SAFE_METHODS.issuperset(methods) else RouteClass.UNCLASSIFIED
    kinds = (kind for kind, covers in said if covers.blocked(methods, paths))
    return Sorted(route=route, kind=next(kinds, otherwise))

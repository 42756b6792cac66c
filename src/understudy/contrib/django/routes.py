"""Every route of a Django site, as its URL configuration tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.contrib.admindocs.utils import (
    remove_non_capturing_groups,
    replace_metacharacters,
    replace_named_groups,
    replace_unnamed_groups,
)
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from understudy.core.governance.routes import Route
from understudy.core.impersonation.restrictions import ANY_METHOD
from understudy.sdk.said_of_views import route_of_view

_PLAINER: tuple[Callable[[str], str], ...] = (
    remove_non_capturing_groups,
    replace_named_groups,
    replace_unnamed_groups,
    replace_metacharacters,
)
_BESIDE = frozenset({"HEAD", "OPTIONS", "TRACE"})


def site_routes() -> Iterator[Route]:
    """The routes of the site that is configured; Django must be set up."""
    yield from url_routes(get_resolver().url_patterns)


def url_routes(patterns: Iterable[URLPattern | URLResolver], under: str = "/") -> Iterator[Route]:
    """The routes of ``patterns`` and of what they include, below the path ``under``."""
    for one in patterns:
        path = under + _written(one)
        if isinstance(one, URLResolver):
            yield from url_routes(one.url_patterns, path)
        else:
            yield from _of_view(one.callback, path)


def _written(one: URLPattern | URLResolver) -> str:
    if isinstance(one.pattern, RoutePattern):
        return str(one.pattern)
    written = str(one.pattern)
    # As Django's own documentation of a site writes expressions: <name> for each group.
    for plainer in _PLAINER:
        written = plainer(written)
    return written.lstrip("/")


def _of_view(view: object, path: str) -> Iterator[Route]:
    kind = getattr(view, "view_class", None) or getattr(view, "cls", None)
    names = getattr(view, "actions", None) or {}
    for method in _methods(view):
        yield route_of_view(method, path, view, kind=kind, names=names)


def _methods(view: object) -> Iterable[str]:
    """The methods that a view has names for; a plain function does not say."""
    # Django REST framework's viewsets map methods to actions.
    actions = getattr(view, "actions", None)
    kind = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if isinstance(actions, dict):
        handled = {name.upper() for name in actions}
    elif kind is not None:
        handled = {name.upper() for name in kind.http_method_names if hasattr(kind, name)}
    else:
        return (ANY_METHOD,)
    return sorted(handled - _BESIDE)

"""The routes of an app that can be imported here, and what a session may do with each."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from os import environ
from pathlib import Path
from typing import Any

from understudy.cli.output import err, print_rows
from understudy.contrib.asgi.routes import asgi_routes, within
from understudy.core.governance.routes import Known, Route, RouteClass, Sorted, sort_routes
from understudy.core.impersonation.restrictions import ANY_METHOD, BlockedAction
from understudy.errors import InvalidInput
from understudy.sdk.said_of_views import with_declared

_SAID = (RouteClass.READ, RouteClass.WRITE)


def list_routes(
    target: str, blocked: Iterable[BlockedAction], classified: Path | None
) -> Sequence[Sorted]:
    """Every route of the app, and what it is beside ``blocked`` and what a file says of routes.

    :raises InvalidInput: see ``routes_of`` and ``known_routes``.
    """
    lines = classified.read_text().splitlines() if classified else ()
    return sort_routes(routes_of(target), blocked=blocked, known=list(known_routes(lines)))


def print_routes(listed: Sequence[Sorted], *, as_json: bool) -> None:
    """A line for each, and for people how many there are of each kind."""
    rows = [
        {
            "kind": one.kind.value,
            "method": one.route.method,
            "path": one.route.path,
            "blocked": one.label,
        }
        for one in listed
    ]
    print_rows(rows, as_json=as_json, nothing="This app has no routes.")
    if not as_json:
        counts = Counter(one.kind for one in listed)
        err.print(", ".join(f"{counts[kind]} {kind}" for kind in RouteClass))


def routes_of(target: str) -> list[Route]:
    """The routes of ``module:app``, or of the Django site whose settings ``target`` names.

    :raises InvalidInput: there is no such module or app, or none whose routes can be told.
    """
    sys.path.insert(0, str(Path.cwd()))  # as servers do that are told such a name
    module, colon, name = target.partition(":")
    return list(_of_app(_found(module, name)) if colon else _of_site(module))


def known_routes(lines: Iterable[str]) -> Iterator[Known]:
    """What a file says of routes: ``write POST /orders/**``, a line each; ``#`` begins a comment.

    :raises InvalidInput: a line that says something else.
    """
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != len(("kind", "method", "pattern")) or words[0] not in _SAID:
            raise InvalidInput(f"Line {number} is not like: write POST /orders/**")
        kind, method, pattern = words
        if not (pattern.startswith("/") and (method.isalpha() or method == ANY_METHOD)):
            raise InvalidInput(f"Line {number} needs a method, or *, and a path with a / before it")
        yield Known(kind=RouteClass(kind), method=method.upper(), pattern=pattern)


def _found(module: str, name: str) -> object:
    found = getattr(_imported(module), name.removesuffix("()"), None)
    if found is None:
        raise InvalidInput(f"There is no {name} in {module}.")
    return found() if name.endswith("()") else found


def _of_app(app: Any) -> Iterator[Route]:  # noqa: ANN401 - whatever a module has
    if hasattr(app, "url_map"):
        from understudy.contrib.flask.installation import declared_reads
        from understudy.contrib.flask.routes import flask_routes

        return with_declared(flask_routes(app), declared_reads(app))
    found = within(app)
    if found is None:
        raise InvalidInput("Name an app of FastAPI, Starlette or Flask, or Django's settings.")
    return with_declared(asgi_routes(found.routes), found.reads)


def _of_site(settings_module: str) -> Iterator[Route]:
    environ["DJANGO_SETTINGS_MODULE"] = settings_module
    _imported(settings_module)
    _imported("django").setup()
    from understudy.contrib.django.conf import declared_reads
    from understudy.contrib.django.routes import site_routes

    return with_declared(site_routes(), declared_reads())


def _imported(name: str) -> Any:  # noqa: ANN401 - any module
    try:
        return import_module(name)
    except ImportError as error:
        raise InvalidInput(f"{name} cannot be imported: {error}") from error

"""Views that are declared to change nothing, found by the addresses of a site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from understudy.core.impersonation.restrictions import Methods
from understudy.sdk.context import RefusedWrite
from understudy.sdk.declared_reads import is_reading_view
from understudy.sdk.guard import Asked
from understudy.sdk.held_reads import reading_only

_BY_VIEW = "_understudy_by_view"


def ask_views(request: HttpRequest, asked: Asked) -> None:
    """Let the guard find out whether the view of ``request`` is declared to change nothing."""
    if asked.changes and not asked.socket:

        def by_view() -> bool:
            try:
                view = resolve(request.path_info, getattr(request, "urlconf", None)).func
            except Resolver404:
                return False
            reads = _reads(view, asked.methods)
            setattr(request, _BY_VIEW, asked.methods if reads else None)
            return reads

        asked.by_view = by_view


def is_other_view(request: HttpRequest, view: object) -> bool:
    """Whether the site goes to another view than the one by whose word a request was let in."""
    methods: Methods | None = getattr(request, _BY_VIEW, None)
    present = reading_only()
    if methods is None or present is None or _reads(view, methods):
        return False
    present.write = RefusedWrite("read_only")
    return True


def _reads(view: Any, methods: Methods) -> bool:  # noqa: ANN401  (Django has no types)
    """Whether all that ``view`` does by any of ``methods`` is declared to change nothing."""
    kind = getattr(view, "view_class", None) or getattr(view, "cls", None)
    # Of REST framework's sets of views each address says which of their methods answers what.
    return is_reading_view(view, methods, kind, getattr(view, "actions", None) or {})

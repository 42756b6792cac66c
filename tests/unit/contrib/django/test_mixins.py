"""Class-based views that an actor may not use, or only look at, by what they inherit."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from django.views import View

from tests.fixtures.impersonation import SESSION
from tests.fixtures.refusals import refusal_of
from understudy.contrib.django.decorators import ForbiddenView
from understudy.contrib.django.mixins import (
    ForbidWhileImpersonatingMixin,
    ReadOnlyWhileImpersonatingMixin,
)
from understudy.sdk.context import Impersonation, Present, entered

CODE = "forbidden_while_impersonating"


def a_request(method: str) -> Any:
    return SimpleNamespace(method=method)


class Both(View):  # type: ignore[misc]
    def get(self, request: Any) -> str:
        return "got"

    def post(self, request: Any) -> str:
        return "posted"


class Forbidden(ForbidWhileImpersonatingMixin, Both):
    pass


class LookedAt(ReadOnlyWhileImpersonatingMixin, Both):
    pass


class ForbiddenAsync(ForbidWhileImpersonatingMixin, View):  # type: ignore[misc]
    async def get(self, request: Any) -> str:
        return "got"


def test_an_actor_gets_nothing_of_a_forbidden_class() -> None:
    view = Forbidden.as_view()
    assert [view(a_request(method)) for method in ("GET", "POST")] == ["got", "posted"]
    for method in ("GET", "POST", "DELETE"):
        now = Present(Impersonation.of(SESSION))
        with entered(now), refusal_of(ForbiddenView, CODE):
            view(a_request(method))
        assert now.forbidden


def test_an_async_class_is_forbidden_as_well() -> None:
    view = ForbiddenAsync.as_view()
    assert asyncio.run(view(a_request("GET"))) == "got"
    with entered(Present(Impersonation.of(SESSION))), refusal_of(ForbiddenView, CODE):
        asyncio.run(view(a_request("GET")))


def test_an_actor_may_look_at_what_is_read_only() -> None:
    view = LookedAt.as_view()
    assert view(a_request("POST")) == "posted"
    with entered(Present(Impersonation.of(SESSION))):
        assert view(a_request("GET")) == "got"
    with entered(Present(Impersonation.of(SESSION))), refusal_of(ForbiddenView, CODE):
        view(a_request("POST"))

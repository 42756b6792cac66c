"""Pages that differ by their user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import cache_page
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.vary import vary_on_cookie

TOLD = ("/", "/told")


def telling(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Some sites tell nginx to keep what users see, and trust that its key tells them apart."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path in TOLD:
            response["X-Accel-Expires"] = "60"
            response["Cache-Control"] = "public, max-age=60"
            del response["Vary"]
        return response

    return answer


def letters(request: HttpRequest) -> HttpResponse:
    """What a user got."""
    whose = request.user.get_username() or "nobody"
    return HttpResponse(f"<!doctype html><html><body>Letters of {whose}.</body></html>")


def invoice(request: HttpRequest) -> HttpResponse:
    """A file of a user's own, which nginx sends."""
    whose = request.user.get_username() or "nobody"
    headers = {"X-Accel-Redirect": f"/files/{whose}.pdf"}
    return HttpResponse(content_type="application/pdf", headers=headers)


def sign_in(request: HttpRequest, name: str) -> HttpResponse:
    """Whoever says a name is signed in by it."""
    login(request, get_user_model().objects.get(username=name))
    return HttpResponse("signed in")


urlpatterns = [
    path("letters", letters),
    path("invoice", invoice),
    path("cached", cache_page(60)(vary_on_cookie(letters))),
    *(path(told.lstrip("/"), letters) for told in TOLD),
    path("sign-in/<name>", csrf_exempt(sign_in)),
]

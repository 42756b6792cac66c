"""Its pages: who one is, something to do, and something that only the user may."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import ensure_csrf_cookie


@ensure_csrf_cookie  # type: ignore[untyped-decorator]
def me(request: HttpRequest) -> HttpResponse:
    """Whom the site serves."""
    return HttpResponse(str(request.user.pk or ""), content_type="text/plain")


def sign_in(request: HttpRequest, pk: str) -> HttpResponse:
    """By name alone, in a test."""
    login(request, User.objects.get(pk=pk), "django.contrib.auth.backends.ModelBackend")
    return HttpResponse()


def done(request: HttpRequest) -> HttpResponse:
    """Something was done."""
    return HttpResponse("done")


urlpatterns = [
    path("", done),
    path("me", me),
    path("sign-in/<pk>", sign_in),
    path("change", done),
    path("settings/password", done),
    path("as/", include(settings.LIBRARY_URLS)),
]

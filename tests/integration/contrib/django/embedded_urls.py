"""The addresses of a site with its own Understudy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def hello(request: HttpRequest) -> HttpResponse:
    """Says whom it serves."""
    return HttpResponse(f"<!doctype html><body>Hello {request.user.get_username()}</body>")


urlpatterns = [path("understudy/", include("understudy.contrib.django.urls")), path("", hello)]

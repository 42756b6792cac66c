"""The same app with two of the libraries in it, each below its own name."""

from __future__ import annotations

from django.urls import include, path

from tests.acceptance.peers import django_desk

urlpatterns = [
    *django_desk.urlpatterns,
    path("hijack/", include("hijack.urls")),
    path("loginas/", include("loginas.urls")),
]

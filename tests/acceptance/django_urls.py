"""A Django site of two parts: a list of users of its own, and the admin."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("tests.integration.contrib.django.pages_urls")),
    path("", include("tests.integration.contrib.django.admin_urls")),
]

"""Where a middleware sends what was asked for elsewhere."""

from __future__ import annotations

from django.urls import path

from tests.integration.contrib.django.read_only.views import write

urlpatterns = [path("marked", write, {"way": "create"})]

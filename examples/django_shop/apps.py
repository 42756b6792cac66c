"""The shop as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """Orders, and the pages that show them."""

    name = "examples.django_shop"
    label = "shop"
    default_auto_field = "django.db.models.BigAutoField"

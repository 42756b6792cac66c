"""The app, for ``INSTALLED_APPS``: with it ``manage.py check`` looks at the installation."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.contrib.auth import get_user_model
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate

from understudy.contrib.django.permission import create_permission


class UnderstudyConfig(AppConfig):  # type: ignore[misc]  # Django has no types
    """Registers the checks and the permission, and hears of leavers; has no models."""

    name = "understudy.contrib.django"
    label = "understudy"
    verbose_name = "Understudy"

    def ready(self) -> None:
        """Register them."""
        from understudy.contrib.django.checks import CHECKS
        from understudy.contrib.django.embedded_checks import check_dashboard, check_workers
        from understudy.contrib.django.leavers import watch_leavers

        for check in (*CHECKS, check_dashboard):
            register(check, Tags.security)
        register(check_workers, Tags.security, deploy=True)
        # Of an app without models Django sends no such signal.
        users = apps.get_app_config(get_user_model()._meta.app_label)
        post_migrate.connect(create_permission, sender=users, dispatch_uid=self.name)
        watch_leavers()

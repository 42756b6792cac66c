"""A back office: Django's admin with *Impersonate* on the app's users."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.urls import path

from understudy.contrib.django.admin import ImpersonateAdminMixin


class People(ImpersonateAdminMixin, UserAdmin):  # type: ignore[misc]
    pass


site = AdminSite()
site.register(User, People)
urlpatterns = [path("admin/", site.urls)]

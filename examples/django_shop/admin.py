"""Django's admin, for staff who have shown their second factor, with *Impersonate* at its users."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_otp.admin import OTPAdminSite

from examples.django_shop.models import Item, Order
from understudy.contrib.django.admin import ImpersonateAdminMixin


class ShopAdminSite(OTPAdminSite):
    """Signs nobody in by itself: the shop's own pages do, for everybody."""

    site_header = "Saltbox, behind the counter"

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Where the step is made that is missing."""
        step = "second_step" if request.user.is_authenticated else "account_login"
        back = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return redirect(f"{reverse(step)}?{back}")


site = ShopAdminSite(name="admin")


@admin.register(User, site=site)
class CustomerAdmin(ImpersonateAdminMixin, UserAdmin):
    """Everybody who may sign in."""

    list_display = ("email", "first_name", "last_name", "is_staff")


class ItemInline(admin.TabularInline):
    """What is in an order."""

    model = Item
    extra = 0


@admin.register(Order, site=site)
class OrderAdmin(admin.ModelAdmin):
    """All orders."""

    list_display = ("__str__", "customer", "placed_on", "status")
    list_filter = ("status",)
    inlines = (ItemInline,)

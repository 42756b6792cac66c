"""The shop's addresses. What only the user may do is kept from whoever works as them."""

from __future__ import annotations

from allauth.account import views as accounts
from django.conf import settings
from django.urls import include, path

from examples.django_shop import views
from examples.django_shop.admin import site
from understudy.contrib.django.decorators import forbid_while_impersonating

_OWN = {
    "password/change/": accounts.password_change,
    "email/": accounts.email,
    "logout/": accounts.logout,
}
_DASHBOARD = [path("understudy/", include("understudy.contrib.django.urls"))]

urlpatterns = [
    *(_DASHBOARD if "EMBEDDED" in settings.UNDERSTUDY else ()),
    path("", views.home, name="home"),
    path("orders/new/", views.new_order, name="new_order"),
    path("orders/search/", views.search, name="search"),
    path("orders/<int:order_id>/", views.order, name="order"),
    path("orders/<int:order_id>/messages/", views.add_message, name="add_message"),
    path("account/", views.account, name="account"),
    path("customers/", views.customers, name="customers"),
    path("second-step/", views.SecondStep.as_view(), name="second_step"),
    # Before allauth's own, which have the same addresses.
    *(path(f"accounts/{at}", forbid_while_impersonating(view)) for at, view in _OWN.items()),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", site.urls),
]

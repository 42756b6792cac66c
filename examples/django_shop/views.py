"""The shop's pages. None of them knows of Understudy but the one that writes down who wrote."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST
from django_otp import devices_for_user
from django_otp.views import LoginView

from examples.django_shop.models import Order
from examples.django_shop.support import current_code
from understudy import reads


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """A customer's orders; for staff, the customers."""
    if request.user.is_staff:
        return redirect("customers")
    return render(request, "shop/orders.html", {"orders": _orders(request)})


@login_required
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order, with what was written about it."""
    found = get_object_or_404(_orders(request), pk=order_id)
    return render(request, "shop/order.html", {"order": found})


@login_required
@require_POST
@reads
def search(request: HttpRequest) -> HttpResponse:
    """Orders in which something of this name is; a session that may only read may search, too."""
    found = _orders(request).filter(items__name__icontains=request.POST["wanted"]).distinct()
    return render(request, "shop/orders.html", {"orders": found})


@login_required
@transaction.atomic
def new_order(request: HttpRequest) -> HttpResponse:
    """Something that is not on the shelf: an order that begins with a wish."""
    if request.method != "POST":
        return render(request, "shop/new_order.html")
    made = Order.objects.create(customer=request.user, placed_on=localdate())
    return _write(request, made)


@login_required
@require_POST
def add_message(request: HttpRequest, order_id: int) -> HttpResponse:
    """Write something down about an order."""
    return _write(request, get_object_or_404(_orders(request), pk=order_id))


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """What is somebody's own."""
    return render(request, "shop/account.html")


@login_required
def customers(request: HttpRequest) -> HttpResponse:
    """The customers, for staff."""
    if not request.user.is_staff:
        raise Http404
    if not request.user.is_verified():
        return redirect("second_step")
    people = User.objects.filter(is_staff=False).prefetch_related("orders").order_by("first_name")
    return render(request, "shop/customers.html", {"people": people})


@method_decorator(login_required, name="dispatch")
class SecondStep(LoginView):
    """Asks staff who have signed in for their second factor."""

    template_name = "shop/second_step.html"
    next_page = "customers"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Only for those who have one; whoever is through with it shows their password anew."""
        self.device = next(devices_for_user(request.user), None)
        if self.device is None:
            raise Http404
        if request.user.is_verified():
            back = urlencode({"next": self.get_success_url()})
            return redirect(f"{reverse('account_reauthenticate')}?{back}")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **more: object) -> dict[str, object]:
        """With what an authenticator would show."""
        found: dict[str, object] = super().get_context_data(**more)
        return {**found, "device": self.device, "code": current_code(self.device)}


def _write(request: HttpRequest, order: Order) -> HttpResponse:
    """What was sent about an order, in both names where two had a hand in it."""
    author = request.user.get_full_name()
    if request.actor is not None:
        author = f"{request.actor.name} for {author}"
    order.messages.create(text=request.POST["text"][:1000], author=author)
    return redirect("order", order.pk)


def _orders(request: HttpRequest) -> QuerySet[Order]:
    return Order.objects.filter(customer=request.user).prefetch_related("items", "messages")

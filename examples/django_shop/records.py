"""The shop's people, and what they have ordered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission, User
from django.core.management.color import no_style
from django.db import connection, transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from examples.django_shop.models import Order

PASSWORD = "saltbox"  # noqa: S105  (everybody's, in an example)
_PEOPLE = (
    ("ada", "Ada", "Byron", "ada@engines.example"),
    ("grace", "Grace", "Murray", "grace@compilers.example"),
    ("kim", "Kim", "Winter", "kim@saltbox.example"),
    ("rosa", "Rosa", "Falk", "rosa@saltbox.example"),
)
_MAY = ("view_user", "impersonate_user", "view_order", "view_item")
_ORDERS = (
    (1041, "ada", date(2026, 3, 2), "delivered", (("Jug, sea green", "jug", "34.00", 1),)),
    (
        *(1058, "ada", date(2026, 4, 20), "packed"),
        (("Tea cup", "cup", "12.50", 4), ("Plate, small", "plate", "9.00", 4)),
    ),
    (
        *(1063, "ada", date(2026, 5, 4), "placed"),
        (("Bowl, speckled", "bowl", "16.00", 2), ("Vase", "vase", "48.00", 1)),
    ),
    (1060, "grace", date(2026, 4, 27), "on its way", (("Bowl, speckled", "bowl", "16.00", 6),)),
)


@transaction.atomic
def fill() -> None:
    """Put something into the database, unless somebody is there."""
    if User.objects.exists():
        return
    for username, first, last, email in _PEOPLE:
        person = User.objects.create_user(
            username, email, PASSWORD, first_name=first, last_name=last
        )
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=True)
    kim, rosa = (_made_staff(username) for username in ("kim", "rosa"))
    kim.user_permissions.set(Permission.objects.filter(codename__in=_MAY))
    # Kim works as customers; Rosa says by which rules, where the dashboard goes by the shop.
    rosa.groups.add(Group.objects.create(name="understudy admin"))
    for number, username, placed_on, status, items in _ORDERS:
        customer = User.objects.get(username=username)
        order = Order.objects.create(
            pk=number, customer=customer, placed_on=placed_on, status=status
        )
        for name, shape, price, quantity in items:
            order.items.create(name=name, shape=shape, price=Decimal(price), quantity=quantity)
    with connection.cursor() as cursor:
        # Numbers go on behind these, which the database has not given.
        for command in connection.ops.sequence_reset_sql(no_style(), [Order]):
            cursor.execute(command)


def _made_staff(username: str) -> User:
    person = User.objects.get(username=username)
    person.is_staff = True
    person.save()
    TOTPDevice.objects.create(user=person, name=f"{person.first_name}'s phone")
    return person

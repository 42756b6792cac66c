"""What customers have ordered, and what was written about it."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models


class Order(models.Model):
    """What one customer bought at once."""

    class Status(models.TextChoices):
        """How far it has come; in this order."""

        PLACED = "placed", "Placed"
        PACKED = "packed", "Packed"
        ON_ITS_WAY = "on its way", "On its way"
        DELIVERED = "delivered", "Delivered"

    customer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="orders")
    placed_on = models.DateField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PLACED)

    class Meta:
        """Newest first."""

        ordering = ("-placed_on", "-pk")

    def __str__(self) -> str:
        return f"Order {self.pk}"

    @property
    def price(self) -> str:
        """In euros, once it is known what will be made."""
        costs = [item.cost for item in self.items.all()]
        return f"{sum(costs)} €" if costs else "On request"

    @property
    def steps(self) -> list[tuple[str, bool]]:
        """All that an order goes through, and whether this one has."""
        values = self.Status.values
        reached = values.index(self.status)
        return [(label, n <= reached) for n, label in enumerate(self.Status.labels)]


class Item(models.Model):
    """A number of the same things in an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="items")
    name = models.CharField(max_length=80)
    shape = models.CharField(max_length=20)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    quantity = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.name)

    @property
    def cost(self) -> Decimal:
        """Of all of them, in euros."""
        cost: Decimal = self.price * self.quantity
        return cost


class Message(models.Model):
    """Something that was written about an order, by one person or by two."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="messages")
    text = models.TextField(max_length=1000)
    author = models.CharField(max_length=200)

    class Meta:
        """Newest first."""

        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:40]}"

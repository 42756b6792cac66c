"""What is recorded when somebody changes it, by all of the packages."""

from __future__ import annotations

import reversion
from auditlog.registry import auditlog
from django.db import models
from simple_history.models import HistoricalRecords


class Tag(models.Model):  # type: ignore[misc]
    """A word for orders."""

    word = models.CharField(max_length=20)


class Order(models.Model):  # type: ignore[misc]
    """An order, with something to say of each change of it."""

    title = models.CharField(max_length=20)
    tags = models.ManyToManyField(Tag)
    history = HistoricalRecords()
    said: object = None

    def get_additional_data(self) -> object:
        """What auditlog is to keep beside the change."""
        return self.said


reversion.register(Order)
auditlog.register(Order, m2m_fields={"tags"})

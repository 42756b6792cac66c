"""One model, by which people sign in."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class Member(AbstractBaseUser, PermissionsMixin):  # type: ignore[misc]
    """Somebody with an account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    objects = BaseUserManager()
    USERNAME_FIELD = "email"

    @property
    def is_staff(self) -> bool:
        """Whoever is in the group of those who help; superusers, too."""
        return bool(self.is_superuser) or bool(self.groups.filter(name="support").exists())

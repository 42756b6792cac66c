"""The site's users as a file that Understudy takes: ``understudy users import``."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from django.contrib.auth import get_user_model
from django.db.models import Model

from understudy.contrib.django.conf import setup
from understudy.errors import InvalidInput

HEADER = ("id", "email", "name", "roles", "protected")
_AT_ONCE = 2000
_BETWEEN = ";"


def write_subjects(out: TextIO) -> int:
    """Write all active users to ``out`` as CSV; how many they are.

    Their roles are the names of their groups, superusers are protected, and the inactive are left
    out, so that an import with ``--sync`` takes them away.

    :raises InvalidInput: a group's name cannot be told from two.
    :raises SetupError: the settings are missing or malformed.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    number = 0
    for user in _active():
        writer.writerow(_row(user))
        number += 1
    return number


def _active() -> Iterator[Model]:
    model = get_user_model()
    users = model._default_manager.order_by("pk")
    if hasattr(model, "groups"):
        users = users.prefetch_related("groups")
    # By their own word and not by the query: it need not be a column.
    return (user for user in users.iterator(chunk_size=_AT_ONCE) if user.is_active)


def _row(user: Model) -> tuple[str, ...]:
    full_name = getattr(user, "get_full_name", user.get_username)()
    return (
        str(setup().user_id(user)),
        getattr(user, user.get_email_field_name(), None) or "",
        full_name or user.get_username(),
        _BETWEEN.join(_roles(user)),
        "true" if getattr(user, "is_superuser", False) else "false",
    )


def _roles(user: Model) -> list[str]:
    names = [group.name for group in user.groups.all()] if hasattr(user, "groups") else []
    for name in names:
        if _BETWEEN in name:
            raise InvalidInput(f"The group {name!r} has a {_BETWEEN} in its name: rename it first.")
    return sorted(names)

"""Changes that a view makes, and what the packages have recorded of them."""

from __future__ import annotations

import json
from typing import Any

import reversion
from auditlog.context import set_extra_data
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from easyaudit.models import CRUDEvent, RequestEvent
from reversion.models import Revision
from simple_history.utils import bulk_create_with_history

from tests.integration.contrib.django.audit.models import Order, Tag
from understudy.contrib.django.audit.easyaudit import ActorBackend
from understudy.contrib.django.audit.simple_history import change_reason

HOW = (
    "plainly",
    "saying_why",
    "saying_much",
    "as_the_admin",
    "by_tags",
    "by_extra_data",
    "in_bulk",
    "an_old_entry",
    "told_nothing",
)


def plainly() -> None:
    """As views do."""
    Order.objects.create(title="plain")


def saying_why() -> None:
    """With words of the app's own for each package."""
    order = Order(title="said")
    order.said, order._change_reason = {"shop": 7}, "Refund"
    order.save()
    reversion.set_comment("Refund")


def saying_much() -> None:
    """With more than there is room for, and what is no object."""
    order = Order(title="much")
    order.said, order._change_reason = ["shop", 7], "Refund " * 14
    order.save()
    reversion.set_comment("Refund\nof all")


def as_the_admin() -> None:
    """With a comment as the admin of reversion writes it."""
    Order.objects.create(title="admin")
    reversion.set_comment('[{"added": {"name": "order", "object": "5"}}]')


def by_tags() -> None:
    """In the table between orders and tags alone, as far as auditlog is concerned."""
    order, tag = Order.objects.create(title="tags"), Tag.objects.create(word="new")
    LogEntry.objects.all().delete()
    order.tags.add(tag)


def by_extra_data() -> None:
    """With data of the app's own for all entries."""
    with set_extra_data(context_data={"additional_data": {"shop": 8}}):
        Order.objects.create(title="extra")


def in_bulk() -> None:
    """Many at once."""
    orders = [Order(title="one"), Order(title="two")]
    bulk_create_with_history(orders, Order, default_change_reason=change_reason("Import"))


def an_old_entry() -> None:
    """One that was made by nobody in a session, and is stored again."""
    Order.objects.create(title="old")
    LogEntry.objects.update(additional_data=None)
    LogEntry.objects.get().save()


def told_nothing() -> None:
    """A change of a row that easy-audit could not put into words."""
    kind = ContentType.objects.get_for_model(Order)
    info = {"event_type": CRUDEvent.UPDATE, "object_id": "7", "content_type_id": kind.pk}
    ActorBackend().crud({**info, "object_json_repr": ""})


def taken() -> dict[str, Any]:
    """What is recorded; and nothing is any more."""
    found = {
        "auditlog": [[_name(one.actor), one.additional_data] for one in LogEntry.objects.all()],
        "easyaudit": [
            [_name(one.user), json.loads(one.object_json_repr)[0].get("understudy")]
            for one in CRUDEvent.objects.all()
        ],
        "requests": [
            [_name(one.user), one.method, one.url, one.query_string]
            for one in RequestEvent.objects.all()
        ],
        "reversion": [
            [_name(one.user), one.comment, one.get_comment()] for one in Revision.objects.all()
        ],
        "simple_history": [
            [_name(one.history_user), one.history_change_reason] for one in Order.history.all()
        ],
    }
    for kind in (LogEntry, CRUDEvent, RequestEvent, Revision, Order.history.model):
        kind.objects.all().delete()
    return found


def _name(user: Any) -> str | None:
    return user.get_username() if user is not None else None

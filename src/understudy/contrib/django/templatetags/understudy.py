"""``{% load understudy %}``: who really asks, and a button that starts an impersonation."""

from __future__ import annotations

import hashlib

from django import template
from django.db.models import Model
from django.template.context import RequestContext

from understudy.contrib.django.offers import offer_for
from understudy.sdk.context import Impersonation, current_impersonation

register = template.Library()


@register.simple_tag  # type: ignore[untyped-decorator]
def impersonation() -> Impersonation | None:
    """The session that the page belongs to: ``{% impersonation as session %}``; or None."""
    return current_impersonation()


@register.inclusion_tag(  # type: ignore[untyped-decorator]
    "understudy/impersonate_button.html", takes_context=True
)
def impersonate_button(
    context: RequestContext, subject: Model, label: str = "Impersonate"
) -> dict[str, object]:
    """A button for ``subject`` that asks for a reason; nothing for whoever may not.

    No script and no style of its own: the dialog is a popover, which browsers open by themselves,
    and where they cannot, it is a form on the page. It must not stand within another form.
    """
    request = context.get("request")
    offer = offer_for(request, subject) if request is not None else None
    if offer is None:
        return {"offer": None}
    number = hashlib.sha256(offer.subject_id.encode()).hexdigest()[:12]
    return {"offer": offer, "label": label, "dialog": f"understudy-{number}"}

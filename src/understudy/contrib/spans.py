"""OpenTelemetry: spans say who caused them, by ids alone: spans leave the house."""

from __future__ import annotations

from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, SpanProcessor

from understudy.sdk.attribution import current_attribution


class AttributionProcessor(SpanProcessor):
    """Sets ``enduser.id`` to the subject, and actor and session beside it, on spans of a session.

    To be added to the tracer's provider before what exports. A span that has begun before the
    guard found the session, as the server's own does, has none; those within the app do.
    """

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """See ``SpanProcessor``."""
        found = current_attribution()
        if found is not None:
            span.set_attribute("enduser.id", found.subject_id)
            span.set_attribute("understudy.actor.id", found.actor_id)
            span.set_attribute("understudy.session.id", found.session_id)

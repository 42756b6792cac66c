"""Spans that say who caused them."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.fixtures.impersonation import SESSION
from understudy.contrib.spans import AttributionProcessor
from understudy.sdk.context import Impersonation, Present, entered


@pytest.fixture
def exported() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def span(exported: InMemorySpanExporter) -> dict[str, object]:
    """What is exported of one span."""
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(AttributionProcessor())
    provider.add_span_processor(SimpleSpanProcessor(exported))
    with provider.get_tracer("app").start_as_current_span("refund"):
        pass
    return dict(exported.get_finished_spans()[-1].attributes or {})


def test_a_span_of_a_session_names_subject_actor_and_session(
    exported: InMemorySpanExporter,
) -> None:
    with entered(Present(Impersonation.of(SESSION))):
        assert span(exported) == {
            "enduser.id": "42",
            "understudy.actor.id": "opr_1",
            "understudy.session.id": "ses_1",
        }


def test_a_span_outside_of_sessions_names_nobody(exported: InMemorySpanExporter) -> None:
    assert span(exported) == {}

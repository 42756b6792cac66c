"""Metrics for Prometheus: requests, the writer, live sessions, the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from understudy.http.request_metrics import RequestMetrics

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

Gauges = Callable[[], dict[str, float]]


class Metrics:
    """One process's numbers. ``gauges`` and ``counters`` are asked each time somebody scrapes."""

    def __init__(self) -> None:
        self._requests = RequestMetrics()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self._requests)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request. Methods of a stranger's invention are counted as ``other``."""
        name = method if method in _METHODS else "other"
        self._requests.count((name, route or "(none)", status), seconds)

    def ask(self, *, counters: Gauges, gauges: Gauges) -> None:
        """Have ``counters`` and ``gauges`` answer at each scrape, by name without prefix."""
        self._registry.register(_Asked(counters, gauges))

    def to_text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)


class _Asked(Collector):
    def __init__(self, counters: Gauges, gauges: Gauges) -> None:
        self._counters = counters
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        """The numbers as they are at this moment."""
        for name, value in self._counters().items():
            text = name.replace("_", " ")
            yield CounterMetricFamily(f"understudy_{name}", f"The {text} so far.", value=value)
        for name, value in self._gauges().items():
            text = name.replace("_", " ")
            yield GaugeMetricFamily(f"understudy_{name}", f"The {text} now.", value=value)

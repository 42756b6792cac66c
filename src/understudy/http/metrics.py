"""Metrics for Prometheus: requests, the writer, live sessions, the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

Gauges = Callable[[], dict[str, float]]


class Metrics:
    """One process's numbers. ``gauges`` and ``counters`` are asked each time somebody scrapes."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._requests = Counter(
            "understudy_requests",
            "HTTP requests by method, route pattern and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._durations = Histogram(
            "understudy_request_seconds",
            "How long HTTP requests took, by route pattern.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._children: dict[tuple[str, str, int], Counter] = {}
        self._timed: dict[str, Histogram] = {}

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request. Methods of a stranger's invention are counted as ``other``."""
        key = (method if method in _METHODS else "other", route or "(none)", status)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._requests.labels(*map(str, key))
        child.inc()
        timed = self._timed.get(key[1])
        if timed is None:
            timed = self._timed[key[1]] = self._durations.labels(key[1])
        timed.observe(seconds)

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

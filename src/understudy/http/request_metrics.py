"""How many requests there were and how long they took, counted for next to nothing.

The client library takes a lock and walks its buckets for each request and metric; here a request
is one look-up and two additions on the event loop, and the scrape does the rest.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds in seconds; what took longer is in one more."""
_BOUNDS = (*map(floatToGoString, BUCKETS), "+Inf")

Key = tuple[str, str, int]
"""Method, route pattern and status."""


class _Counted:
    """The requests of one key, or of one route: how many in each bucket, and their seconds."""

    __slots__ = ("buckets", "created", "seconds")

    def __init__(self, created: float) -> None:
        self.buckets = [0] * len(_BOUNDS)
        self.seconds = 0.0
        self.created = created


class RequestMetrics(Collector):
    """Counts on the event loop, and tells on any thread. ``clock`` is in seconds of the epoch."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._counted: dict[Key, _Counted] = {}

    def count(self, key: Key, seconds: float) -> None:
        """Count one request."""
        counted = self._counted.get(key)
        if counted is None:
            counted = self._counted[key] = _Counted(self._clock())
        counted.buckets[bisect_left(BUCKETS, seconds)] += 1
        counted.seconds += seconds

    def collect(self) -> Iterator[Metric]:
        """The numbers as they are at this moment."""
        # A copy, for the event loop goes on counting.
        counted = list(self._counted.items())
        yield _requests(counted)
        yield _durations(counted)


def _requests(counted: list[tuple[Key, _Counted]]) -> Metric:
    labels = ("method", "route", "status")
    told = "HTTP requests by method, route pattern and status."
    family = CounterMetricFamily("understudy_requests", told, labels=labels)
    for (method, route, status), one in counted:
        named = (method, route, str(status))
        family.add_metric(named, sum(one.buckets), created=one.created)
    return family


def _durations(counted: list[tuple[Key, _Counted]]) -> Metric:
    name = "understudy_request_seconds"
    told = "How long HTTP requests took, by route pattern."
    family = HistogramMetricFamily(name, told, labels=("route",))
    for route, one in _by_route(counted).items():
        buckets = list(zip(_BOUNDS, accumulate(one.buckets), strict=True))
        family.add_metric((route,), [(bound, float(n)) for bound, n in buckets], one.seconds)
        family.add_sample(f"{name}_created", {"route": route}, one.created)
    return family


def _by_route(counted: list[tuple[Key, _Counted]]) -> dict[str, _Counted]:
    found: dict[str, _Counted] = {}
    for (_, route, _), one in counted:
        total = found.setdefault(route, _Counted(one.created))
        total.buckets = [mine + its for mine, its in zip(total.buckets, one.buckets, strict=True)]
        total.seconds += one.seconds
    return found

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from understudy.http.request_metrics import BUCKETS, RequestMetrics

SEEN = [
    (("GET", "/things/{id}", 200), 0.0005),
    (("GET", "/things/{id}", 200), 0.001),
    (("GET", "/things/{id}", 404), 0.3),
    (("POST", "/things", 201), 11.5),
    (("GET", "/things/{id}", 200), 2.5),
]


def scraped(registry: CollectorRegistry) -> list[str]:
    """What a scrape tells, in any order; when a series began is told apart below."""
    lines = generate_latest(registry).decode().splitlines()
    return sorted(line for line in lines if "_created{" not in line)


def test_the_scrape_reads_as_the_client_librarys_own_metrics_do() -> None:
    theirs = CollectorRegistry(auto_describe=False)
    requests = Counter(
        "understudy_requests",
        "HTTP requests by method, route pattern and status.",
        ("method", "route", "status"),
        registry=theirs,
    )
    durations = Histogram(
        "understudy_request_seconds",
        "How long HTTP requests took, by route pattern.",
        ("route",),
        buckets=BUCKETS,
        registry=theirs,
    )
    ours, counted = CollectorRegistry(auto_describe=False), RequestMetrics()
    ours.register(counted)
    for (method, route, status), seconds in SEEN:
        requests.labels(method, route, str(status)).inc()
        durations.labels(route).observe(seconds)
        counted.count((method, route, status), seconds)
    assert scraped(ours) == scraped(theirs)


def test_a_series_tells_when_it_began() -> None:
    registry, times = CollectorRegistry(auto_describe=False), iter((7.0, 9.0))
    counted = RequestMetrics(clock=lambda: next(times))
    registry.register(counted)
    counted.count(("GET", "/a", 200), 0.1)
    counted.count(("GET", "/a", 404), 0.1)
    text = generate_latest(registry).decode()
    assert 'understudy_requests_created{method="GET",route="/a",status="404"} 9.0' in text
    assert 'understudy_request_seconds_created{route="/a"} 7.0' in text
